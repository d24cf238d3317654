"""A log says in its first entry what it is written in; one that says something else is not read as if it were ours."""

import pytest
from msgspec.structs import replace

from governance.commands.founding import BeginLog
from governance.federation import Federation
from governance.ids import OPERATOR
from governance.log.keys import format_verifier_key
from governance.protocol import PROTOCOL, check_protocol
from governance.records import RecordUnknown
from governance.replay import Illegal, Replay
from tests.governance.small import small_world
from tests.governance.world import KEY, ORIGIN, START


def test_the_protocol_that_is_written_is_read() -> None:
    check_protocol(PROTOCOL)
    assert small_world().records[0].body.protocol == PROTOCOL  # type: ignore[attr-defined]  # the genesis


@pytest.mark.parametrize("protocol", [0, 2, -1])
def test_a_log_in_another_protocol_is_refused_at_its_first_entry(protocol: int) -> None:
    genesis = small_world().records[0]
    federation = Federation()
    with pytest.raises(RecordUnknown, match=f"protocol {protocol},.*newer version"):
        federation.apply(replace(genesis, body=replace(genesis.body, protocol=protocol)))
    assert (federation.size, federation.state.origin) == (0, "")


def test_nobody_begins_a_log_in_another_protocol() -> None:
    key = format_verifier_key(KEY.verifier_key)
    with pytest.raises(RecordUnknown):
        Federation().decide(BeginLog(origin=ORIGIN, key=key, protocol=2), actor=OPERATOR, at=START)


def test_the_verifier_says_that_a_log_is_in_another_protocol() -> None:
    genesis = small_world().records[0]
    with pytest.raises(Illegal, match=r"Entry 0 .*protocol 2,.*newer version"):
        Replay(lambda _: None).take(replace(genesis, body=replace(genesis.body, protocol=2)))
