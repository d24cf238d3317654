"""What can be read of a federation whose log went on after a loss."""

from typing import Any

import msgspec
import pytest

from app.services.reading.federation import read_federation
from app.services.serving import Service
from governance.log.keys import format_verifier_key
from tests.app.http.reading.reading_site import Site, reading
from tests.app.ledger.small_federation import ORIGIN, Running
from tests.app.services.restoring.test_continuing import NEW, gone_on, key_of, lost
from tests.app.services.restoring.test_restoring import elsewhere

pytestmark = pytest.mark.anyio


async def federation_of(running: Running) -> Any:
    service = Service.__new__(Service)
    service.engine = running.engine
    return msgspec.to_builtins(await read_federation(service))


async def test_everybody_reads_what_was_lost_and_which_votes_it_ended(site: Site) -> None:
    running = site.running
    assert not (await federation_of(running))["continuations"]
    poll, backup = await lost(running)
    settings, size = elsewhere(running), running.ledger.size
    before = format_verifier_key(key_of(running))
    restored = await gone_on(running, settings, backup)
    assert restored.continued is not None
    async with (
        Running(running.place, running.clock, database=settings.database, seed="again") as again,
        reading(again) as after,
    ):
        federation = await federation_of(again)
        assert (federation["origin"], federation["key"]) == (NEW, format_verifier_key(key_of(again)))
        assert list(federation["continuations"]) == [
            {
                "seq": size - 2,
                "at": restored.continued.at,
                "origin": NEW,
                "key": federation["key"],
                "origin_before": ORIGIN,
                "key_before": before,
                "signed": size,
                "lost": 2,
            }
        ]
        ended = await after.get(f"/polls/{poll}")
        assert ended["outcome"]["status"] == "voided"
        assert ended["outcome"]["voided"] == {"office": None, "at": restored.continued.at, "reason": None}
