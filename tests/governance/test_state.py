from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from governance.charter import Charter
from governance.instants import Instant
from governance.provisions import Provisions
from governance.state import _ORDER, State, Step, StepKind
from tests.governance.acting import snapshot

TIMES = tuple(Instant(f"2026-03-{day:02}T00:00:00.000000Z") for day in range(1, 6))
KINDS: tuple[StepKind, ...] = tuple(_ORDER)
STEPS = st.tuples(st.sampled_from(KINDS[3:5]), st.sampled_from(["p2", "p10"]))
PLANS = st.lists(st.tuples(STEPS, st.none() | st.sampled_from(TIMES)), max_size=12)


def run(state: State, plans: list[tuple[tuple[StepKind, str], Instant | None]]) -> None:
    for (kind, subject), due in plans:
        if due is None:
            state.cancel(kind, subject)
        else:
            state.plan(kind, subject, due)


@given(PLANS)
def test_the_next_step_is_the_earliest_of_those_that_were_planned_last(
    plans: list[tuple[tuple[StepKind, str], Instant | None]],
) -> None:
    state = State()
    run(state, plans)
    model = {step: due for step, due in dict(plans).items() if due is not None}
    assert {step: planned[0] for step, planned in state.schedule.items()} == model
    assert state.next_due == min(model.values(), default=None)
    for at in TIMES:
        step = state.due_step(at)
        assert (step is None) == all(due > at for due in model.values())
        if step is not None:
            assert step.due == state.next_due == model[step.kind, step.subject]


@given(PLANS, PLANS)
def test_an_overlay_that_is_merged_is_as_if_it_had_not_been(
    before: list[tuple[tuple[StepKind, str], Instant | None]],
    after: list[tuple[tuple[StepKind, str], Instant | None]],
) -> None:
    plain, below = State(), State()
    run(plain, before)
    run(below, before)
    kept = snapshot(below)
    run(below.overlay(), after)
    assert snapshot(below) == kept
    inner = below.overlay().overlay()
    run(inner, after)
    inner.size = 7
    inner.merge()
    assert inner._below is not None
    inner._below.merge()
    run(plain, after)
    plain.size = 7
    assert snapshot(below) == snapshot(plain)


def test_a_state_begins_with_nothing() -> None:
    state = snapshot(State())
    assert not any(value for name, value in state.items() if name not in ("charter", "provisions"))
    assert (state["charter"], state["provisions"]) == (Charter(), Provisions())


def test_a_state_of_its_own_has_nothing_below_to_merge_into() -> None:
    state = State()
    state.size = 3
    state.merge()
    assert state.size == 3


def test_steps_due_at_one_instant_come_by_kind_and_then_by_number() -> None:
    planned: list[tuple[StepKind, str]] = [
        ("extend_poll", "p9.v1"),
        ("close_poll", "p9.v1"),
        ("close_poll", "p10.v1"),
        ("restore_steward", "c2"),
        ("restore_steward", "c10"),
        ("lapse", "p3"),
        ("enact", "p2"),
        ("enact", "p10"),
        ("open_amendment_poll", "p1.a2"),
        ("open_amendment_poll", "p1.a10"),
        ("open_poll", "p1"),
        ("review", "p1"),
    ]
    for order in (planned, planned[::-1], *islice(permutations(planned), 1000, 1005)):
        state = State()
        for kind, subject in order:
            state.plan(kind, subject, TIMES[1])
        taken = []
        while (step := state.due_step(TIMES[1])) is not None:
            taken.append((step.kind, step.subject))
            state.cancel(step.kind, step.subject)
        assert taken == planned


def test_an_earlier_deadline_comes_first_whatever_its_kind() -> None:
    state = State()
    state.plan("extend_poll", "p1.v1", TIMES[2])
    state.plan("review", "p9", TIMES[1])
    assert state.due_step(TIMES[0]) is None
    assert state.due_step(TIMES[4]) == Step(kind="review", subject="p9", due=TIMES[1])


def test_a_step_is_due_at_its_very_instant() -> None:
    state = State()
    state.plan("lapse", "p1", TIMES[2])
    assert state.due_step(Instant("2026-03-02T23:59:59.999999Z")) is None
    assert state.due_step(TIMES[2]) is not None
