"""A federation of three coops that can decide within seconds of a clock that the test moves."""

import asyncio
import hashlib
import itertools
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from piccolo.querystring import QueryString

from app.ledger.asking import Answer
from app.ledger.ledger import Ledger
from app.security.signer import Signer, create_signer, load_signer
from app.settings import Database, SQLiteDatabase
from app.store.engines import engine_for
from app.store.migrating import migrate
from governance.ballot import BallotStatement
from governance.canonical import encode
from governance.charter import ArticleContent
from governance.commands import founding as asked
from governance.commands.polls import Cast
from governance.commands.proposals import Submit
from governance.commands.register import GiveMandate
from governance.counting.tally import Choice
from governance.effect import Effect, Resolve
from governance.ids import OPERATOR, ArticleId, CoopId, MandateId, Matter, OfficeId, PollId
from governance.instants import Instant, later
from governance.log.blob import address, text_blob
from governance.log.keys import format_verifier_key
from governance.mandate import Office
from governance.matter import KINDS
from governance.provisions import Provisions
from governance.requirement import HALF, Requirement
from governance.rule import Call, Entitled, Rule
from governance.value import Value

ORIGIN = "coop.example/log"
START = Instant("2026-03-01T12:00:00.000000Z")
COOPS = (CoopId("c1"), CoopId("c2"), CoopId("c3"))
OFFICER = MandateId(f"m-{'f' * 32}")


class MovedClock:
    """A clock that goes on by a millisecond whenever it is read, and by more when a test says so."""

    def __init__(self, start: Instant = START) -> None:
        self.time = start

    def __call__(self) -> Instant:
        self.time = later(self.time, timedelta(milliseconds=1))
        return self.time

    def move(self, **by: int) -> None:
        self.time = later(self.time, timedelta(**by))


def counted_bytes(seed: str = "") -> Callable[[int], bytes]:
    """Bytes that differ each time and are the same in each run."""
    numbers = itertools.count()
    return lambda length: hashlib.sha256(f"{seed}{next(numbers)}".encode()).digest()[:length]


def steward(coop: CoopId) -> MandateId:
    return MandateId(f"m-{int(coop[1:]):032x}")


def delegate(coop: CoopId, nth: int = 1) -> MandateId:
    return MandateId(f"m-{int(coop[1:]) + 16 * nth:032x}")


def text(words: str, salt: bytes = b"s" * 32) -> tuple[str, bytes]:
    """A text's hash and its blob."""
    blob = text_blob(salt, words.encode())
    return address(blob), blob


def article(words: str, salt: bytes = b"a" * 32) -> tuple[str, bytes]:
    """An article's hash and its blob."""
    blob = text_blob(salt, encode(ArticleContent(heading=words, text=f"{words}, in full.")))
    return address(blob), blob


def rule(matter: str) -> Rule:
    """Simple majority, a week, nothing to wait for; a charter change waits an hour, a merger gives a day's notice."""
    return Rule(
        matter=Matter(matter),
        entitled=Entitled(),
        calls=(Call(),),
        majority=(Requirement(more_than=HALF, of="yes+no"),),
        notice=timedelta(days=1 if matter == "resolution.merge" else 0),
        voting=timedelta(days=7),
        waiting=timedelta(hours=1 if matter == "charter" else 0),
        challenge=Fraction(1, 2) if matter == "charter" else None,
    )


def founding(signer: Signer) -> list[Value]:
    """Every command of the founding, in order."""
    office = Office(id=OfficeId("board"), title="Board", powers=("redact_texts", "void_open_polls"))
    commands: list[Value] = [
        asked.BeginLog(origin=ORIGIN, key=format_verifier_key(signer.verifier_key)),
        asked.NameFederation(name="Three Coops", provisions=Provisions()),
        asked.FoundArticle(article=ArticleId("first"), content=ArticleContent(heading="First", text="We decide.")),
        *(asked.FoundRule(rule=rule(matter)) for matter in (*KINDS, "resolution.merge")),
        asked.FoundOffice(office=office),
    ]
    for number, coop in enumerate(COOPS):
        name = ("Alerce", "Bruma", "Cardon")[number]
        member_since = Instant("2020-01-01T00:00:00.000000Z")
        commands += [
            asked.FoundCoop(
                name=name, country="AR", category="full", cooperators=5 + number, member_since=member_since
            ),
            GiveMandate(mandate=steward(coop), role="steward", coop=coop),
            GiveMandate(mandate=delegate(coop), role="delegate", coop=coop),
            GiveMandate(mandate=delegate(coop, 2), role="delegate", coop=coop),
        ]
    commands.append(GiveMandate(mandate=OFFICER, role="officer", office=office.id))
    return [*commands, asked.CloseFounding()]


def signer_in(place: Path) -> Signer:
    """The signer whose keys are in a place; made where there is none."""
    keys = place / "keys"
    if (keys / "log.key").exists():
        return load_signer(keys, keys)
    return create_signer(keys, keys, name=ORIGIN, seed=bytes(range(32)))


class Running:
    """A ledger on a real database, with all that belongs to it."""

    def __init__(self, place: Path, clock: MovedClock, *, database: Database | None = None, seed: str = "") -> None:
        self.place = place
        self.clock = clock
        self.database = database or SQLiteDatabase(path=place / "federation.sqlite")
        self.signer = signer_in(place)
        self.engine = engine_for(self.database)
        self._seed = seed
        self.ledger: Ledger

    async def __aenter__(self) -> Self:
        await self.engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
        try:
            await migrate(self.engine)
            self.ledger = await Ledger.open(
                self.engine, self.signer, clock=self.clock, randomness=counted_bytes(self._seed)
            )
        except BaseException:
            await self.engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self.ledger.close()
        await self.engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above

    def again(self, seed: str = "again") -> "Running":
        """Another process in the same place, on the same database."""
        return Running(self.place, self.clock, database=self.database, seed=seed)

    async def found(self) -> None:
        await self.ledger.submit_all(founding(self.signer), actor=OPERATOR)

    async def propose(self, effect: Effect | None = None, *blobs: bytes, words: str = "Let us.") -> PollId:
        """Bring a proposal that is voted on at once, and give its vote."""
        hashed, blob = text(words)
        before = [row["id"] for row in await self.rows("SELECT id FROM poll")]
        await self.ledger.submit(
            Submit(effect=effect or Resolve(), text=hashed), actor=delegate(COOPS[0]), blobs=(blob, *blobs)
        )
        (opened,) = [row["id"] for row in await self.rows("SELECT id FROM poll") if row["id"] not in before]
        return PollId(opened)

    async def ballot(
        self, poll: PollId, coop: CoopId, choice: Choice = "yes", replaces: int | None = None
    ) -> BallotStatement:
        (row,) = await self.rows("SELECT text, rule FROM poll WHERE id = ?", poll)
        return BallotStatement(
            origin=ORIGIN, poll=poll, text=row["text"], rule=row["rule"], coop=coop, choice=choice, replaces=replaces
        )

    async def cast(self, poll: PollId, coop: CoopId, choice: Choice = "yes", replaces: int | None = None) -> Answer:
        statement = await self.ballot(poll, coop, choice, replaces)
        return await self.ledger.submit(Cast(statement=statement), actor=delegate(coop))

    async def cast_together(self, poll: PollId, *coops: CoopId) -> list[Answer | BaseException]:
        """Cast a yes of each coop, all in one batch, and give what each got."""
        commands = [Cast(statement=await self.ballot(poll, coop)) for coop in coops]
        asked = (
            self.ledger.submit(command, actor=delegate(coop)) for command, coop in zip(commands, coops, strict=True)
        )
        return await asyncio.gather(*asked, return_exceptions=True)

    async def carry(self, poll: PollId) -> None:
        """Let everybody say yes and the week go by."""
        for coop in COOPS:
            await self.cast(poll, coop)
        self.clock.move(days=7)
        await self.ledger.tick()

    async def rows(self, sql: str, *args: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.engine.run_querystring(QueryString(sql.replace("?", "{}"), *args))]

    async def change(self, sql: str, *args: object) -> None:
        """Change the database behind the ledger's back."""
        await self.engine.run_querystring(QueryString(sql.replace("?", "{}"), *args))
