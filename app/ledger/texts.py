"""The texts beside the log: those that a command brings, those it relies on, and those that an enactment reveals."""

from collections.abc import Awaitable, Callable
from typing import Final

from app.ledger.errors import ArticleTextInvalid, BlobNotNamed, TextErased, TextNotStored
from app.ledger.naming import articles_named, texts_named
from app.store.log_reading import Run, blob, kinds_of
from governance.canonical import decoder_for
from governance.charter import ArticleContent, check_content
from governance.commands.polls import TakeStep
from governance.effect import text_of
from governance.errors import FormatError
from governance.facts.proposals import RevealedText
from governance.facts.register import TextRedacted
from governance.ids import ProposalId, TextHash
from governance.log.blob import address, open_text
from governance.state import State, Step
from governance.value import Value

FindBlob = Callable[[str], Awaitable[bytes | None]]
TEXT: Final = "text"
ELECTORATE: Final = "electorate"
_read_article: Final = decoder_for(ArticleContent)


async def check_texts(
    fact: Value, blobs: tuple[bytes, ...], *, state: State, brought: dict[str, bytes], run: Run
) -> dict[str, bytes]:
    """The blobs to store with a fact, by address, once every text it names is there and every blob it brings is named.

    `brought` are the texts that earlier commands of the same batch bring.

    Raises:
        BlobDomainUnknown, BlobInvalid: a blob is no text.
        BlobNotNamed: the fact does not name it.
        TextErased: a text was erased; its hash cannot be used again.
        TextNotStored: a text is neither brought nor stored.
        ArticleTextInvalid: a text that is to become an article of the charter is not one.
    """
    named = texts_named(fact)
    given = {}
    for one in blobs:
        open_text(one)
        given[address(one)] = one
    for hashed in given:
        if hashed not in named or isinstance(fact, TextRedacted):
            raise BlobNotNamed(f"The text with the hash {hashed} was sent, but nothing here names it. Leave it out.")
    for hashed in named:
        if hashed in state.redacted and not isinstance(fact, TextRedacted):
            raise TextErased(f"The text with the hash {hashed} was erased. Write it anew, under a new salt.")
    await _require_stored([hashed for hashed in named if hashed not in given and hashed not in brought], run)
    for hashed in articles_named(fact):
        _check_article(given.get(hashed) or brought.get(hashed) or await blob(run, hashed), hashed)
    return given


async def _require_stored(wanted: list[TextHash], run: Run) -> None:
    if not wanted:
        return
    kinds = await kinds_of(run, wanted)
    for hashed in wanted:
        if kinds.get(hashed) != TEXT:
            raise TextNotStored(f"There is no text with the hash {hashed}. Send the text together with this.")


def _check_article(found: bytes | None, hashed: str) -> None:
    try:
        check_content(read_article(found)[1])
    except FormatError as error:
        raise ArticleTextInvalid(f"The text with the hash {hashed} cannot be an article: {error.detail}") from error


def read_article(found: bytes | None) -> tuple[bytes, ArticleContent]:
    """The salt and the content of an article's text.

    Raises:
        FormatError: it is not the canonical JSON of an article, or not there.
    """
    if found is None:
        raise FormatError("It is not there.")
    salt, content = open_text(found)
    return salt, _read_article(content)


async def step_command(state: State, step: Step, find: FindBlob) -> TakeStep:
    """The command that takes a step, with the texts of the charter that it reveals.

    A text that is not there, or no article, is left out: whether the step can do without it is for the rules to say.
    """
    proposal = state.proposals.get(ProposalId(step.subject)) if step.kind == "enact" else None
    if proposal is None:
        return TakeStep(step=step)
    texts = []
    for hashed in text_of(proposal.effect):
        try:
            salt, content = read_article(await find(hashed))
        except FormatError:
            continue
        texts.append(RevealedText(salt=salt.hex(), content=content))
    return TakeStep(step=step, texts=tuple(texts))
