"""A federation in memory, with a clock that one sets and a log that one can bundle. What a ledger does, without a database."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar

from governance.ballot import BallotStatement
from governance.canonical import encode
from governance.charter import ArticleContent
from governance.commands import founding as found
from governance.commands import polls as poll
from governance.commands import proposals as propose
from governance.commands import register
from governance.counting.tally import Choice
from governance.effect import AmendCharter, Effect, Resolve
from governance.facts.polls import BallotCast, PollClosed
from governance.facts.proposals import ProposalSubmitted
from governance.federation import Federation
from governance.ids import (
    FEDERATION,
    OPERATOR,
    ArticleId,
    CoopId,
    HashText,
    MandateId,
    OfficeId,
    PollId,
    ProposalId,
    TextHash,
)
from governance.instants import Instant, instant, later
from governance.log.blob import address, text_blob
from governance.log.bundle import BundleWriter
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, format_verifier_key
from governance.log.merkle import leaf_hash, root_of
from governance.mandate import Office, Power
from governance.named import electorates_named, texts_named
from governance.provisions import Provisions
from governance.records import Record, seal, write_record
from governance.revealing import reveal
from governance.rule import Rule
from governance.value import Value
from tests.governance.plain_rules import DAY, HALF, RULES, more_than, quorum, rule

__all__ = ["DAY", "HALF", "ORIGIN", "RULES", "START", "Founded", "World", "more_than", "quorum", "rule"]

F = TypeVar("F", bound=Value)
START = instant(datetime(2026, 3, 1, 12, tzinfo=UTC))
ORIGIN = "test.example/log"
KEY = SigningKey(name=ORIGIN, seed=bytes(range(32)))
COUNTRIES = ("AR", "BR", "ES", "FR", "IT")


class World:
    """A federation and its log. `now` only moves by `wait`; steps that fall due on the way are taken when they do."""

    def __init__(self) -> None:
        self.federation = Federation()
        self.now: Instant = START
        self.records: list[Record] = []
        self.entries: list[bytes] = []
        self.blobs: dict[str, bytes] = {}
        self._drawn = 0

    @property
    def state(self) -> Any:
        return self.federation.state

    def draw(self, size: int = 32) -> bytes:
        """Bytes that look random and are the same in each run."""
        self._drawn += 1
        return hashlib.sha256(b"test %d" % self._drawn).digest()[:size]

    def mandate(self) -> MandateId:
        return MandateId(f"m-{self.draw(16).hex()}")

    def text(self, content: str | ArticleContent) -> HashText:
        """Put a text beside the log, and give its hash."""
        said = content.encode() if isinstance(content, str) else encode(content)
        blob = text_blob(self.draw(), said)
        self.blobs[address(blob)] = blob
        return address(blob)

    def settle(self) -> None:
        """Take every step that is due now."""
        while self.federation.due(self.now) is not None:
            self._append(step_command(self.federation, self.now, self.blobs.get), FEDERATION)

    def wait(self, period: timedelta = DAY) -> None:
        """Let time pass; what falls due on the way happens when it does."""
        until = later(self.now, period)
        while (due := self.state.next_due) is not None and due <= until:
            self.now = max(self.now, due)
            self.settle()
        self.now = until

    def oversleep(self, period: timedelta) -> None:
        """Let time pass while everything is down: what fell due happens only afterwards."""
        self.now = later(self.now, period)
        self.settle()

    def ask(self, command: Value, actor: MandateId) -> Any:
        """Decide and apply a command, and give the fact it became."""
        self.settle()
        fact = self._append(command, actor)
        self.settle()
        return fact

    def _append(self, command: Value, actor: MandateId) -> Value:
        decision = self.federation.decide(command, actor=actor, at=self.now)
        for blob in decision.blobs:
            self.blobs[address(blob)] = blob
        record = seal(decision.fact, seq=self.federation.size, at=self.now, actor=actor, nonce=self.draw(16))
        self.entries.append(write_record(record))
        self.federation.apply(record)
        self.records.append(record)
        return decision.fact

    def last(self, fact: type[F]) -> F:
        """The last fact of a class."""
        return next(record.body for record in reversed(self.records) if isinstance(record.body, fact))

    def bundle(self) -> bytes:
        """The log's bundle."""
        pieces: list[bytes] = []
        writer = BundleWriter(pieces.append)
        writer.header(KEY.verifier_key, len(self.entries))
        seen: set[str] = set()
        for record, entry in zip(self.records, self.entries, strict=True):
            for named in sorted((*texts_named(record.body), *electorates_named(record.body))):
                if named not in seen and named in self.blobs:
                    writer.blob(self.blobs[named])
                seen.add(named)
            writer.entry(entry)
        writer.checkpoint(self.checkpoint())
        writer.close()
        return b"".join(pieces)

    def checkpoint(self) -> bytes:
        """The signed checkpoint over all entries."""
        root = root_of(leaf_hash(entry) for entry in self.entries)
        return sign_checkpoint(Checkpoint(origin=ORIGIN, size=len(self.entries), root=root), KEY)


class Founded(World):
    """A founded federation of coops `c1` to `cN`, each with a steward and a delegate, and one office with every power."""

    def __init__(
        self,
        coops: int = 10,
        *,
        rules: Iterable[Rule] = RULES,
        provisions: Provisions | None = None,
        cooperators: Iterable[int] = (),
        categories: Iterable[str] = (),
        countries: Iterable[str] = (),
        numbers: Mapping[int, dict[str, Fraction]] | None = None,
        offices: Iterable[Office] = (),
    ) -> None:
        super().__init__()
        self.stewards: dict[CoopId, MandateId] = {}
        self.delegates: dict[CoopId, MandateId] = {}
        self.office = OfficeId("secretary")
        self.officer = self.mandate()
        sizes, kinds, lands = list(cooperators), list(categories), list(countries)
        provisions = provisions or Provisions(categories=("full", "associate", "observer"))
        self._found(found.BeginLog(origin=ORIGIN, key=format_verifier_key(KEY.verifier_key)))
        self._found(found.NameFederation(name="Federation of the tests", provisions=provisions))
        for article in ("mission", "democracy", "solidarity"):
            content = ArticleContent(heading=article.title(), text=f"What we mean by {article}.", section="Values")
            self._found(found.FoundArticle(article=ArticleId(article), content=content))
        for one in rules:
            self._found(found.FoundRule(rule=one))
        powers: tuple[Power, ...] = (
            "record_standing",
            "record_departures",
            "redact_texts",
            "void_open_polls",
            "decide_urgently",
        )
        self.officers = {self.office: self.officer}
        for office in (Office(id=self.office, title="Secretary", powers=powers), *offices):
            holder = self.officers.setdefault(office.id, self.mandate())
            self._found(found.FoundOffice(office=office))
            self._found(register.GiveMandate(mandate=holder, role="officer", office=office.id))
        for number in range(coops):
            coop = CoopId(f"c{number + 1}")
            self.stewards[coop] = self.mandate()
            self._found(
                found.FoundCoop(
                    name=f"Coop {_letters(number)}",
                    country=lands[number] if lands else COUNTRIES[number % len(COUNTRIES)],
                    category=kinds[number] if kinds else "full",
                    cooperators=sizes[number] if sizes else 5 + number,
                    member_since=instant(datetime(2020, 1, 1, tzinfo=UTC)),
                    numbers=(numbers or {}).get(number + 1, {}),
                )
            )
            self._found(register.GiveMandate(mandate=self.stewards[coop], role="steward", coop=coop))
        self._found(found.CloseFounding())
        for coop, steward in self.stewards.items():
            self.delegates[coop] = self.mandate()
            self.ask(register.GiveMandate(mandate=self.delegates[coop], role="delegate"), steward)

    def _found(self, command: Value) -> None:
        self.ask(command, OPERATOR)

    def c(self, number: int) -> MandateId:
        """The delegate of the coop with this number."""
        return self.delegates[CoopId(f"c{number}")]

    def submit(self, effect: Effect | None = None, *, by: int = 1, supporters: Iterable[int] = ()) -> ProposalId:
        """Bring a proposal, a plain resolution without `effect`, and have others join as sponsors."""
        text = self.text("A proposal\n\nIts text.")
        fact: ProposalSubmitted = self.ask(propose.Submit(effect=effect or Resolve(), text=text), self.c(by))
        for number in supporters:
            self.ask(propose.Support(proposal=fact.proposal, role="sponsor"), self.c(number))
        return fact.proposal

    def poll_of(self, proposal: ProposalId) -> PollId:
        """The open poll of a proposal."""
        found_poll = self.state.proposals.get(proposal).poll
        assert found_poll is not None, self.state.proposals.get(proposal).stage
        return PollId(found_poll)

    def statement(self, poll_id: PollId, number: int, choice: Choice, **changes: Any) -> BallotStatement:
        """A ballot statement as the ballot paper of an open poll would make it."""
        coop = CoopId(f"c{number}")
        opened = self.state.polls.get(poll_id)
        before = self.state.ballots.get(poll_id, coop)
        plain: dict[str, Any] = {
            "choice": choice,
            "coop": coop,
            "origin": ORIGIN,
            "poll": poll_id,
            "rule": opened.rule,
            "text": opened.text,
            "replaces": before.seq if before is not None else None,
        }
        return BallotStatement(**{**plain, **changes})

    def cast(self, poll_id: PollId, number: int, choice: Choice = "yes", **changes: Any) -> BallotCast:
        """Cast the ballot of the coop with this number."""
        fact: BallotCast = self.ask(
            poll.Cast(statement=self.statement(poll_id, number, choice, **changes)), self.c(number)
        )
        return fact

    def vote(
        self, proposal: ProposalId, *, yes: Iterable[int] = (), no: Iterable[int] = (), abstain: Iterable[int] = ()
    ) -> None:
        """Cast ballots in the open poll of a proposal."""
        poll_id = self.poll_of(proposal)
        choices: tuple[tuple[Choice, Iterable[int]], ...] = (("yes", yes), ("no", no), ("abstain", abstain))
        for choice, numbers in choices:
            for number in numbers:
                self.cast(poll_id, number, choice)

    def until_open(self, proposal: ProposalId) -> PollId:
        """Wait until a poll of a proposal is open."""
        for _ in range(200):
            if self.state.proposals.get(proposal).stage == "voting":
                return self.poll_of(proposal)
            self.wait(DAY)
        raise AssertionError(self.state.proposals.get(proposal))

    def until_closed(self, proposal: ProposalId) -> PollClosed:
        """Wait until the open poll of a proposal is closed."""
        poll_id = self.poll_of(proposal)
        while self.state.polls.get(poll_id) is not None:
            self.wait(DAY)
        return self.last(PollClosed)

    def stage(self, proposal: ProposalId) -> str:
        return str(self.state.proposals.get(proposal).stage)


def _letters(number: int) -> str:
    """A name for each number; no two look alike, so no l beside I and no 0 beside O."""
    syllables = ("ba", "de", "fu", "ga", "ke", "mu", "na", "pe", "ru", "sa")
    return "".join(syllables[int(digit)] for digit in f"{number:04}").title()


def step_command(federation: Federation, at: Instant, blob_of: Callable[[TextHash], bytes | None]) -> poll.TakeStep:
    """The command for the step that is due, with the texts that it reveals."""
    step = federation.due(at)
    assert step is not None, "nothing is due"
    proposal = federation.state.proposals.get(ProposalId(step.subject)) if step.kind == "enact" else None
    if proposal is None or not isinstance(proposal.effect, AmendCharter):
        return poll.TakeStep(step=step)
    return poll.TakeStep(step=step, texts=reveal(proposal.effect, blob_of))
