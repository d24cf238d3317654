"""The texts beside the log: those that a command brings, those it relies on, and those that an enactment reveals."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from app.ledger.errors import ArticleTextInvalid, BlobNotNamed, StepBlocked, TextErased, TextNotStored
from app.store.log_reading import Run, blob, kinds_of
from governance.commands.polls import TakeStep
from governance.effect import AmendCharter, text_of
from governance.facts.register import TextRedacted
from governance.ids import ProposalId, TextHash
from governance.log.blob import address, open_text
from governance.named import texts_named
from governance.revealing import reveal
from governance.state import State, Step
from governance.value import Value

FindBlob = Callable[[str], Awaitable[bytes | None]]
TEXT: Final = "text"
ELECTORATE: Final = "electorate"


async def check_texts(
    fact: Value, blobs: tuple[bytes, ...], *, state: State, brought: Mapping[str, bytes], run: Run
) -> dict[str, bytes]:
    """The blobs to store with a fact, by address, once every text it names is there and every blob it brings is named.

    `brought` are the texts that earlier commands of the same batch bring.

    Raises:
        BlobDomainUnknown, BlobInvalid: a blob is no text.
        BlobNotNamed: the fact does not name it.
        TextErased: a text was erased; its hash cannot be used again.
        TextNotStored: a text is neither brought nor stored, or, to be erased, no text.
        ArticleTextInvalid: a text that is to become an article of the charter is not one.
    """
    named = texts_named(fact)
    given = {}
    for one in blobs:
        open_text(one)
        given[address(one)] = one
    for hashed in given:
        if hashed not in named:
            raise BlobNotNamed(f"The text with the hash {hashed} was sent, but nothing here names it. Leave it out.")
    for hashed in named:
        if TextHash(hashed) in state.redacted:
            raise TextErased(f"The text with the hash {hashed} was erased. Write it anew, under a new salt.")
    needed = (fact.text,) if isinstance(fact, TextRedacted) else named
    await _require_stored([hashed for hashed in needed if hashed not in given and hashed not in brought], run)
    effect = getattr(fact, "effect", None)
    if isinstance(effect, AmendCharter):
        known = {**brought, **given}
        found = {hashed: known.get(hashed) or await blob(run, hashed) for hashed in text_of(effect)}
        if reveal(effect, found.get) is None:
            raise ArticleTextInvalid(
                "The new texts of the charter are not articles: each is the canonical JSON of a heading and a text, and all "
                "together have at most 60,000 bytes."
            )
    return given


async def _require_stored(wanted: Iterable[str], run: Run) -> None:
    missing = list(wanted)
    kinds = await kinds_of(run, missing) if missing else {}
    for hashed in missing:
        if kinds.get(hashed) != TEXT:
            raise TextNotStored(f"There is no text with the hash {hashed}. Send the text together with this.")


async def step_command(state: State, step: Step, find: FindBlob) -> TakeStep:
    """The command that takes a step, with the texts of the charter that it reveals.

    Raises:
        StepBlocked: a text is lost that nobody had erased; a decision must not lapse because of that.
    """
    proposal = state.proposals.get(ProposalId(step.subject)) if step.kind == "enact" else None
    if proposal is None or not isinstance(proposal.effect, AmendCharter):
        return TakeStep(step=step)
    found = {hashed: await find(hashed) for hashed in text_of(proposal.effect)}
    for hashed, text in found.items():
        if text is None and TextHash(hashed) not in state.redacted:
            raise StepBlocked(
                f"{proposal.id} is to take effect, and its text {hashed} is lost. Restore it from a bundle."
            )
    return TakeStep(step=step, texts=reveal(proposal.effect, found.get))
