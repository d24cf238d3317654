import pytest

from governance.commands.polls import TakeStep
from governance.facts import polls, proposals, register
from governance.facts.registry import FACTS
from governance.federation import DECIDE, Federation
from governance.ids import FEDERATION
from governance.recall import NotAsked, command_of
from governance.records import Record
from governance.replay import Replay
from tests.governance.acting import snapshot
from tests.governance.forging import lengths_in
from tests.governance.lost import continued_world
from tests.governance.rich import rich_world
from tests.governance.turned import rotated_world
from tests.governance.world import step_command

BY_THEMSELVES = {
    proposals.ProposalLapsed,
    proposals.ProposalEnacted,
    proposals.ReviewDue,
    polls.PollOpened,
    polls.PollExtended,
    polls.PollClosed,
    register.StewardRestored,
}
RECORDS = {
    type(record.body): record
    for world in (rich_world(), continued_world(), rotated_world())
    for record in world.records
}


def test_the_history_of_these_tests_has_every_type_of_record() -> None:
    assert set(RECORDS) == set(FACTS.values())


@pytest.mark.parametrize("record", RECORDS.values(), ids=lambda record: record.type)
def test_a_record_is_led_back_to_a_command_or_happens_by_itself(record: Record) -> None:
    if type(record.body) in BY_THEMSELVES:
        assert record.actor == FEDERATION
        with pytest.raises(NotAsked) as caught:
            command_of(record)
        assert caught.value.code == "record_not_asked"
    else:
        assert type(command_of(record)) in DECIDE
        assert record.actor != FEDERATION


def test_deciding_each_command_again_gives_the_same_fact() -> None:
    world = rich_world()
    federation = Federation()
    for record in world.records:
        asked = record.actor != FEDERATION
        command = command_of(record) if asked else step_command(federation, record.at, world.blobs.get)
        assert isinstance(command, TakeStep) != asked
        decided = federation.decide(command, actor=record.actor, at=record.at)
        assert decided.fact == record.body
        assert all(blob in world.blobs.values() for blob in decided.blobs)
        federation.apply(record)


def test_replaying_gives_the_state_of_who_wrote_the_log() -> None:
    world = rich_world()
    replay = Replay(lengths_in(world.blobs))
    for record in world.records:
        replay.take(record)
    assert snapshot(replay.federation.state) == snapshot(world.state)
