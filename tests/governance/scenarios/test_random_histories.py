"""Histories made at random: whatever is asked, in whatever order, the federation stays whole and goes on."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.proposal import OPEN_STAGES
from governance.replay import Replay
from governance.verifier import verify
from tests.governance.acting import snapshot
from tests.governance.checked import Checked
from tests.governance.forging import lengths_in
from tests.governance.remembered import check_remembered
from tests.governance.rules_at_random import rulebook_at_random
from tests.governance.script import Script

SEEDS = st.integers(0, 2**32)
LENGTHS = st.integers(1, 600)


def play(seed: int, length: int) -> Checked:
    """The world after a history; a shorter one of the same seed is its beginning. `Checked` holds it to the laws of the fold."""
    drawn = random.Random(seed)
    coops = drawn.randrange(5, 9)
    world = Checked(
        coops,
        rules=rulebook_at_random(drawn.randrange),
        categories=["full"] * (coops - 1) + ["observer"],
        cooperators=[2, 3, 5, 9, 30, 4, 7, 1],
    )
    Script(world, drawn, length).play()
    return world


@settings(max_examples=150, deadline=None)
@given(SEEDS, LENGTHS)
def test_nothing_is_refused_but_by_a_refusal_every_step_can_be_taken_and_in_the_end_every_proposal_is_over(
    seed: int, length: int
) -> None:
    world = play(seed, length)
    world.wait(timedelta(days=1200))
    assert not [one for one in world.state.proposals.values() if one.stage in OPEN_STAGES]
    assert (len(world.state.polls), len(world.state.ballots)) == (0, 0)
    assert {kind for kind, _ in dict(world.state.schedule.items())} <= {"review"}


@settings(max_examples=100, deadline=None)
@given(SEEDS, LENGTHS)
def test_replaying_the_log_gives_the_state(seed: int, length: int) -> None:
    world = play(seed, length)
    replay = Replay(lengths_in(world.blobs))
    for record in world.records:
        replay.take(record)
    assert snapshot(replay.federation.state) == snapshot(world.state)


@settings(max_examples=50, deadline=None)
@given(SEEDS, LENGTHS)
def test_the_register_of_each_instant_is_remembered(seed: int, length: int) -> None:
    world = play(seed, length)
    check_remembered(world.records, world.state)


@settings(max_examples=25, deadline=None)
@given(SEEDS, LENGTHS)
def test_the_bundle_verifies(seed: int, length: int) -> None:
    report = verify([play(seed, length).bundle()])
    assert report.holds, report.checks


@settings(max_examples=30, deadline=None)
@given(SEEDS, LENGTHS, SEEDS)
def test_an_overlay_that_is_dropped_leaves_no_trace_however_much_happened_on_it(
    seed: int, length: int, other: int
) -> None:
    world = play(seed, length)
    before = snapshot(world.state)
    aside = world.aside()
    Script(aside, random.Random(other), 200).play()
    aside.wait(timedelta(days=30))
    assert snapshot(world.state) == before
    assert snapshot(world.mirror.state) == before
