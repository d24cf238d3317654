"""Founding a federation from its files: its key, its database, and the first entries of its log, wholly or not at all."""

import asyncio
import os
from pathlib import Path
from typing import Final

from app.clock import Clock, now
from app.founding.federation_toml import Founding, read_founding
from app.founding.trial import member_since
from app.ledger.batch import Randomness
from app.security import keys
from app.security.signer import Signer, create_signer, load_signer, start_signed
from app.services.contacts import Contact, remember
from app.services.holding import Held
from app.services.opening import Opened, engine_at, ledger_at, refuse_lost
from app.settings import Settings, SQLiteDatabase
from app.store.log_reading import head
from app.store.migrating import migrate
from governance.charter import ArticleContent
from governance.commands import founding as ask
from governance.commands.register import GiveMandate
from governance.deciding.authority import AlreadyFounded
from governance.errors import RochdaleError
from governance.facts.founding import FoundingClosed
from governance.ids import OPERATOR, CoopId, Digest, MandateId, OfficeId
from governance.instants import Instant
from governance.log.keys import format_verifier_key
from governance.records import read_record
from governance.report import fingerprint_of
from governance.value import Value


class KeyOfAnotherLog(RochdaleError):
    """The key here is that of another log."""

    code = "key_of_another_log"


_ALREADY: Final = "There is a federation in this place already. Name another place with --home."


class Founded(Value):
    """What a founding made: the federation, its log's key, the digest to ratify, and who may act first."""

    name: str
    origin: str
    key: str
    fingerprint: str
    digest: Digest
    coops: int
    cooperators: int
    articles: int
    rules: int
    entries: int
    stewards: dict[CoopId, MandateId]
    unused_columns: tuple[str, ...]


async def found(files: Path, settings: Settings, *, clock: Clock = now, randomness: Randomness = os.urandom) -> Founded:
    """Found the federation that a folder describes, in an empty place. A second time is refused; a killed one can be repeated.

    Raises:
        FoundingFileRefused: with every problem of every file; nothing was made.
        KeyOfAnotherLog: the key in the keys' directory has another name; nothing was made.
        DatabaseMissing: a federation was founded here and its database is gone; nothing was made.
        AlreadyFounded: there is a federation in this place.
        RochdaleError, OSError: the key or the database cannot be made.
    """
    founding = read_founding(files, clock())
    _refuse_foreign(settings, founding.origin)
    await refuse_lost(settings)
    settings.signed_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with await asyncio.to_thread(Held, settings.signed_dir):
        signer = await _prepare(settings, founding.origin, randomness)
        async with ledger_at(settings, signer, clock=clock) as parts:
            if parts.ledger.size:
                raise AlreadyFounded(_ALREADY)
            return await _found(founding, parts, clock, randomness)


async def _found(founding: Founding, parts: Opened, clock: Clock, randomness: Randomness) -> Founded:
    stewards = tuple(_mandate(randomness) for _ in founding.coops.coops)
    officers = {office: tuple(_mandate(randomness) for _ in holders) for office, holders in founding.holders.items()}
    # Before the log says that everything is founded: a process that is killed in between repeats all of it.
    await remember(_contacts(founding, stewards, officers))
    key = format_verifier_key(parts.signer.verifier_key)
    asked = _commands(founding, key, clock(), stewards)
    asked += [
        GiveMandate(mandate=mandate, role="officer", office=office)
        for office, mandates in officers.items()
        for mandate in mandates
    ]
    answers = await parts.ledger.submit_all([*asked, ask.CloseFounding()], actor=OPERATOR)
    closed = read_record(answers[-1].record).body
    return Founded(
        name=founding.name,
        origin=founding.origin,
        key=key,
        fingerprint=fingerprint_of(key),
        digest=closed.digest if isinstance(closed, FoundingClosed) else Digest(""),
        coops=len(founding.coops.coops),
        cooperators=sum(coop.cooperators for coop in founding.coops.coops),
        articles=len(founding.charter.articles),
        rules=len(founding.rules),
        entries=len(answers),
        stewards={CoopId(f"c{number}"): mandate for number, mandate in enumerate(stewards, 1)},
        unused_columns=founding.coops.unused_columns,
    )


def _refuse_foreign(settings: Settings, origin: str) -> None:
    if not (settings.keys_dir / keys.KEY_FILE).exists():
        return
    name = keys.load(settings.keys_dir).verifier_key.name
    if name != origin:
        raise KeyOfAnotherLog(
            f"The key in {settings.keys_dir} is that of {name}, and the founding file says {origin}. A log and its key have one "
            "name: choose another directory, or correct the file."
        )


async def _prepare(settings: Settings, origin: str, randomness: Randomness) -> Signer:
    """The database with its tables, then the key: that of a founding that was interrupted, one that was mounted, or a new one."""
    if isinstance(settings.database, SQLiteDatabase):
        settings.database.path.parent.mkdir(parents=True, exist_ok=True)
    async with engine_at(settings.database) as engine:
        await migrate(engine)
        present = await head(engine.run_querystring)
    begun = present is not None and present.size > 0
    if not (settings.keys_dir / keys.KEY_FILE).exists():
        if begun:
            raise AlreadyFounded(_ALREADY)
        return create_signer(settings.keys_dir, settings.signed_dir, name=origin, seed=randomness(32))
    if not begun:
        # Nothing was signed. Where a log is, a missing memory is not begun again: it is what shows that a log was cut.
        start_signed(settings.keys_dir, settings.signed_dir)
    return load_signer(settings.keys_dir, settings.signed_dir)


def _contacts(
    founding: Founding, stewards: tuple[MandateId, ...], officers: dict[OfficeId, tuple[MandateId, ...]]
) -> list[Contact]:
    contacts = [
        Contact(mandate=mandate, address=coop.contact)
        for mandate, coop in zip(stewards, founding.coops.coops, strict=True)
        if coop.contact is not None
    ]
    for office, holders in founding.holders.items():
        contacts += [
            Contact(mandate=mandate, address=address)
            for mandate, address in zip(officers[office], holders, strict=True)
        ]
    return contacts


def _commands(founding: Founding, key: str, at: Instant, stewards: tuple[MandateId, ...]) -> list[Value]:
    commands: list[Value] = [
        ask.BeginLog(origin=founding.origin, key=key),
        ask.NameFederation(name=founding.name, provisions=founding.provisions),
    ]
    commands += [
        ask.FoundArticle(
            article=article.id,
            content=ArticleContent(heading=article.heading, text=article.text, section=article.section),
        )
        for article in founding.charter.articles
    ]
    commands += [ask.FoundRule(rule=rule) for rule in founding.rules]
    commands += [ask.FoundOffice(office=office) for office in founding.offices]
    for number, (coop, steward) in enumerate(zip(founding.coops.coops, stewards, strict=True), 1):
        commands.append(
            ask.FoundCoop(
                name=coop.name,
                country=coop.country,
                category=coop.category,
                cooperators=coop.cooperators,
                member_since=member_since(coop, at),
                services=coop.services,
                numbers=dict(coop.facts),
            )
        )
        commands.append(GiveMandate(mandate=steward, role="steward", coop=CoopId(f"c{number}")))
    return commands


def _mandate(randomness: Randomness) -> MandateId:
    return MandateId(f"m-{randomness(16).hex()}")
