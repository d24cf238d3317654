"""Open votes in a federation that lives by the real clock, whose people are signed in; and what its log says of their ballots."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import msgspec
from click.testing import CliRunner, Result

from app.cli import main
from app.clock import now
from app.security.people import AccountId, Person, SessionId
from app.security.token_keys import TokenKeys
from app.security.tokens import Tokens
from app.settings import Database
from governance.facts.polls import BallotCast
from governance.instants import later
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.keys import parse_verifier_key
from governance.log.receipt import parse_receipt, verify_receipt
from governance.records import read_record
from tests.app.http.site import EMAIL, found, site_on
from tests.app.ledger.small_federation import COOPS, ORIGIN, MovedClock
from tests.app.serving.ballot_storm import Storm, Stream
from tests.app.serving.nodes import Node
from tests.app.store.databases import url_of


class Votes:
    """A founded federation with open votes, that nobody has open."""

    def __init__(self, place: Path, database: Database, count: int = 3) -> None:
        self.place = place
        self.database = database
        self._people: dict[str, Person] = {}
        self._papers: dict[tuple[str, str], dict[str, str]] = {}
        asyncio.run(self._prepare(count))

    async def _prepare(self, count: int) -> None:
        await found(self.place, self.database)
        clock = MovedClock(later(now(), -timedelta(hours=1)))
        async with site_on(self.place, self.database, clock) as site:
            for coop in COOPS:
                tokens = (await site.delegate(coop)).tokens
                self._people[coop] = Person(account=AccountId(tokens["account"]), session=SessionId(tokens["session"]))
            for _ in range(count):
                poll = await site.open_poll()
                for coop in COOPS:
                    self._papers[poll, coop] = await site.paper(poll, coop)

    def storm(self, *nodes: Node) -> Storm:
        """A storm of each coop's ballots in each vote."""
        streams = [
            Stream(coop=coop, paper=paper, token="", address=f"192.0.2.{number}")
            for number, ((_, coop), paper) in enumerate(self._papers.items(), 1)
        ]
        return Storm(streams, nodes, EMAIL.format(f"delegate-{COOPS[0]}-1"))

    def sign_in(self, storm: Storm) -> None:
        """Give every stream an access token that is good for the next minutes."""
        tokens = Tokens(TokenKeys(self.place / "keys"), issuer=ORIGIN)
        for number, stream in enumerate(storm.streams):
            stream.token, _ = tokens.issue(self._people[stream.coop], now=now(), unique=bytes([number]) * 16)

    def run(self, *args: str) -> Result:
        """Run a command in this federation."""
        settings = {"ROCHDALE_HOME": str(self.place), "ROCHDALE_DATABASE": url_of(self.database)}
        done = CliRunner(env=settings).invoke(main, [*args])
        assert done.exit_code == 0, done.output
        return done

    def assert_sound(self, storm: Storm) -> None:
        """What was acknowledged is there, once, where its receipt says it is; what was not is there once or not at all."""
        told = self.place / "bundle"
        self.run("bundle", str(told))
        key_text = self.run("key").stdout.splitlines()[0]
        self.run("verify", "--key", key_text, str(told))
        assert self.run("rebuild").stdout.endswith("Every table was what the log says.\n")
        key = parse_verifier_key(key_text)
        entries = [frame.entry for frame in read_bundle([told.read_bytes()]) if isinstance(frame, EntryFrame)]
        ballots: dict[tuple[str, str], list[tuple[int, BallotCast]]] = defaultdict(list)
        for seq, entry in enumerate(entries):
            if isinstance(body := read_record(entry).body, BallotCast):
                ballots[body.poll, body.coop].append((seq, body))
        for stream in storm.streams:
            for _, answer in stream.answered:
                entry = answer["entry"].encode()
                assert entries[answer["seq"]] == entry
                receipt = parse_receipt(answer["receipt"].encode())
                verify_receipt(receipt, entry, key)
                assert receipt.index == answer["seq"]
            found = ballots.pop(stream.vote, [])
            known = len(stream.answered)
            assert [seq for seq, _ in found[:known]] == [answer["seq"] for _, answer in stream.answered]
            wanted = [attempt for attempt, _ in stream.answered] + ([stream.open] if stream.open else [])
            assert known <= len(found) <= len(wanted)
            for (_, ballot), attempt in zip(found, wanted, strict=False):
                said = msgspec.to_builtins(ballot)
                assert {name: said.get(name) for name in attempt.paper} == attempt.paper
        assert not ballots
