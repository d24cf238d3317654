"""A federation whose coops can change their ballots again and again, with a delegate for each who is signed in."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import structs
from piccolo.querystring import QueryString

from app.ledger.ledger import Ledger
from app.security.people import Person
from app.security.signer import create_signer
from app.services.accounts.accepting import accept
from app.services.accounts.inviting import invite
from app.services.opening import engine_at, ledger_at
from app.services.serving import Service, serving
from app.settings import Database, Settings
from app.store.engines import AnyEngine
from app.store.migrating import migrate
from governance.charter import ArticleContent
from governance.commands import founding as asked
from governance.commands.proposals import Submit
from governance.commands.register import GiveMandate
from governance.effect import Resolve
from governance.ids import OPERATOR, ArticleId, CoopId, MandateId, PollId
from governance.instants import Instant
from governance.log.blob import address, text_blob
from governance.log.keys import format_verifier_key
from governance.matter import KINDS
from governance.provisions import Provisions
from governance.value import Value
from tests.app.ledger.small_federation import ORIGIN, rule
from tests.app.services.accounts.people import CHEAP

COOPS: Final = 128
_MEMBER_SINCE: Final = "2020-01-01T00:00:00.000000Z"
_PASSWORD: Final = "correct horse battery staple"  # noqa: S105 - of a federation that is gone after a minute


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """A delegate who is signed in, and everything that their ballot says beside the choice."""

    coop: CoopId
    mandate: MandateId
    token: str
    poll: PollId
    text: str
    rule: str


def settings_of(home: Path, database: Database, port: int = 0, workers: int = 1) -> Settings:
    """The settings of a service whose keys are in `home`."""
    keys = home / "keys"
    return Settings(database=database, keys_dir=keys, signed_dir=keys, port=port, workers=workers)


async def prepare(settings: Settings, coops: int = COOPS) -> PollId:
    """Found the federation and open a vote in which every coop can vote until it closes in a week."""
    signer = create_signer(settings.keys_dir, settings.signed_dir, name=ORIGIN, seed=secrets.token_bytes(32))
    async with engine_at(settings.database) as engine:
        await migrate(engine)
    async with ledger_at(settings, signer) as parts:
        key = format_verifier_key(signer.verifier_key)
        await parts.ledger.submit_all(founding(key, coops, timedelta(days=7)), actor=OPERATOR)
        return await open_poll(parts.ledger, parts.engine)


async def sign_in(settings: Settings, people: int) -> None:
    """Make an account for the delegate of each of the first `people` coops, with a session that goes on."""
    async with serving(settings, passwords=CHEAP) as service:
        for number in range(1, people + 1):
            invited = await invite(
                service.accounts, mandate=delegate(number), address=f"delegate-{number}@coop.example"
            )
            await accept(
                service.accounts,
                token=invited.token,
                password=_PASSWORD,
                name=f"Delegate {number}",
                language="en",
                time_zone="UTC",
                device="bench",
                network="127.0.0.1",
            )


async def voters(service: Service, poll: PollId) -> list[Voter]:
    """Everybody who is signed in, each with a new access token: these last for minutes only."""
    (paper,) = await service.engine.run_querystring(
        QueryString('SELECT "text", "rule" FROM "poll" WHERE "id" = {}', poll)
    )
    rows = await service.engine.run_querystring(
        QueryString(
            'SELECT h."account", h."mandate", m."coop", s."id" AS "session" FROM "holding" AS h '
            'JOIN "mandate" AS m ON m."id" = h."mandate" JOIN "session" AS s ON s."account" = h."account" ORDER BY h."mandate"'
        )
    )
    found = []
    for row in rows:
        person = Person(account=row["account"], session=row["session"])
        token, _ = service.accounts.tokens.issue(person, now=service.clock(), unique=secrets.token_bytes(16))
        found.append(
            Voter(
                coop=row["coop"], mandate=row["mandate"], token=token, poll=poll, text=paper["text"], rule=paper["rule"]
            )
        )
    return found


def delegate(number: int) -> MandateId:
    """The mandate of the delegate of the coop with this number."""
    return MandateId(f"m-{number:032x}")


def founding(key: str, coops: int, voting: timedelta) -> Iterator[Value]:
    """Every command of the founding, in order."""
    yield asked.BeginLog(origin=ORIGIN, key=key)
    yield asked.NameFederation(name="Many Coops", provisions=Provisions())
    yield asked.FoundArticle(article=ArticleId("first"), content=ArticleContent(heading="First", text="We decide."))
    for matter in KINDS:
        yield asked.FoundRule(rule=structs.replace(rule(matter), voting=voting))
    for number in range(1, coops + 1):
        coop = CoopId(f"c{number}")
        yield asked.FoundCoop(
            name=f"Coop {number}", country="AR", category="full", cooperators=5, member_since=Instant(_MEMBER_SINCE)
        )
        yield GiveMandate(mandate=MandateId(f"m-{number + 2**64:032x}"), role="steward", coop=coop)
        yield GiveMandate(mandate=delegate(number), role="delegate", coop=coop)
    yield asked.CloseFounding()


async def open_poll(ledger: Ledger, engine: AnyEngine) -> PollId:
    """Bring a proposal that is voted on at once, and give its vote."""
    blob = text_blob(secrets.token_bytes(32), b"Let us.")
    await ledger.submit(Submit(effect=Resolve(), text=address(blob)), actor=delegate(1), blobs=(blob,))
    (opened,) = await engine.run_querystring(QueryString('SELECT "id" FROM "poll" WHERE "status" = \'open\''))
    return PollId(opened["id"])
