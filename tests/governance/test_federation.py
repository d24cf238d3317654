from typing import Any

import msgspec
import pytest

from governance.commands import continuing, founding, polls, proposals, register, rotating
from governance.effect import Resolve
from governance.errors import Refusal
from governance.facts.registry import FACTS
from governance.federation import APPLY, DECIDE, Federation
from governance.ids import FEDERATION, OPERATOR, CoopId, MandateId
from governance.instants import later
from governance.records import Record, seal
from governance.state import Step
from governance.value import Value
from tests.governance.acting import MINUTE, NOW, QUICK, decree, refused, rules, snapshot
from tests.governance.deciding.foundings import Founding
from tests.governance.deciding.foundings import founding as founding_steps
from tests.governance.rich import rich_world
from tests.governance.world import DAY, START, Founded, rule

COMMANDS = {
    one
    for module in (continuing, founding, polls, proposals, register, rotating)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Value) and one.__module__ == module.__name__
}


def test_every_command_is_decided_and_every_fact_applied() -> None:
    assert set(DECIDE) == COMMANDS
    assert set(APPLY) == set(FACTS.values())


def folded(records: list[Record]) -> Federation:
    federation = Federation()
    for record in records:
        federation.apply(record)
    return federation


def test_folding_the_records_gives_the_state_of_who_decided_them() -> None:
    world = rich_world()
    assert snapshot(folded(world.records).state) == snapshot(world.state)


def test_a_batch_on_an_overlay_that_is_merged_gives_the_same_state_and_one_that_is_dropped_leaves_nothing() -> None:
    world = rich_world()
    batched = Federation()
    for begin in range(0, len(world.records), 7):
        batch = world.records[begin : begin + 7]
        before = snapshot(batched.state)
        dropped = batched.overlay()
        for record in batch:
            dropped.apply(record)
        assert snapshot(batched.state) == before
        kept = batched.overlay()
        for record in batch:
            kept.apply(record)
        kept.merge()
    assert snapshot(batched.state) == snapshot(world.state)
    assert batched.size == len(world.records)


def test_deciding_changes_nothing() -> None:
    world = Founded(4)
    before = snapshot(world.state)
    for command, actor in (
        (proposals.Submit(effect=Resolve(), text=world.text("A")), world.c(1)),
        (register.Leave(), world.stewards[CoopId("c1")]),
        (register.Leave(), world.c(1)),
    ):
        try:
            world.federation.decide(command, actor=actor, at=world.now)
        except Refusal as refusal:
            assert refusal.code == "no_mandate"
    assert snapshot(world.state) == before


@pytest.mark.parametrize("command", sorted(COMMANDS, key=str))
@pytest.mark.parametrize("actor", [OPERATOR, FEDERATION, MandateId("m-" + "0" * 31 + "1")])
def test_nothing_but_its_founding_by_the_operator_is_decided_before_a_federation_is_founded(
    command: type[Value], actor: MandateId
) -> None:
    known = {type(step): step for step in (*founding_steps().values(), founding.CloseFounding())}
    asked = known.get(command, _blank(command))
    for world in (Founding({}), Founding()):
        before = world.state.size
        try:
            world.ask(asked, actor)
        except Refusal:
            assert world.state.size == before
        else:
            assert actor == OPERATOR
            assert command in known


def _blank(command: type[Value]) -> Any:
    """A command of a class, whatever is in it."""
    blanks = {
        "step": Step(kind="lapse", subject="p1", due=START),
        "statement": None,
        "effect": Resolve(),
        "language": "en",
    }
    plain = {"texts": (), "services": (), "good": True, "number": 1, "reply_to": None, "starts": None, "ends": None}
    fields = {**dict.fromkeys(command.__struct_fields__, "p1"), **blanks, **plain}
    made = command(**{name: fields[name] for name in command.__struct_fields__})
    if command is polls.Cast:
        ballot = next(record.body for record in rich_world().records if record.type == "ballot.cast")
        made = polls.Cast(statement=ballot)  # type: ignore[arg-type]  # a ballot is a statement
    return made


def test_time_does_not_run_backwards() -> None:
    world = Founded(3)
    before = later(world.now, -MINUTE)
    with refused("record_out_of_order"):
        world.federation.decide(register.Leave(), actor=world.stewards[CoopId("c1")], at=before)


def test_what_is_due_comes_first_at_its_very_instant() -> None:
    world = Founded(3)
    world.submit()
    due = later(world.now, 7 * DAY)
    command, actor = register.Leave(), world.stewards[CoopId("c1")]
    world.federation.decide(command, actor=actor, at=later(due, -MINUTE / 60))
    assert world.federation.due(later(due, -MINUTE / 60)) is None
    with refused("steps_overdue"):
        world.federation.decide(command, actor=actor, at=due)
    assert world.federation.due(due) == Step(kind="open_poll", subject="p1", due=due)


@pytest.mark.parametrize("changes", [{"seq": 1}, {"seq": -1}, {"at": "2026-03-01T11:59:59.999999Z"}])
def test_a_record_that_does_not_follow_the_last_one_is_not_applied(changes: dict[str, Any]) -> None:
    world = Founded(3)
    fact = register.DeclareServices(services=())
    body = world.federation.decide(fact, actor=world.stewards[CoopId("c1")], at=world.now).fact
    sealed = seal(body, seq=world.state.size, at=world.now, actor=world.stewards[CoopId("c1")], nonce=bytes(16))
    offset = changes.get("seq", 0)
    wrong = msgspec.structs.replace(sealed, **{**changes, "seq": sealed.seq + offset})
    with refused("record_out_of_order"):
        world.federation.apply(wrong)
    world.federation.apply(sealed)


def test_a_federation_can_start_from_a_state() -> None:
    world = Founded(3, rules=rules(*QUICK, rule("resolution", notice=NOW, voting=MINUTE)))
    decree(world, Resolve(), yes=(1, 2))
    assert Federation(world.state).size == world.state.size
