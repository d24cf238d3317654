"""Polls under several rules: what the founding, entrenchment and articles with rules of their own ask for, all at once."""

from fractions import Fraction
from typing import Any

import pytest

from governance.facts.polls import PollClosed, PollOpened
from governance.ids import ProposalId
from governance.instants import later
from governance.requirement import Requirement
from governance.rule import Call, Entitled
from tests.governance.acting import refused, rules, set_rule, sums
from tests.governance.world import DAY, Founded, more_than, quorum, rule


def at_least(numerator: int, denominator: int) -> tuple[Requirement, ...]:
    return (Requirement(of="yes+no", at_least=Fraction(numerator, denominator)),)


def open_rule_change(world: Founded) -> ProposalId:
    proposal = world.submit(set_rule(world, rule("resolution", voting=DAY)))
    world.until_open(proposal)
    return proposal


@pytest.mark.parametrize(
    ("present", "yes", "no", "status"),
    [((9, 10), 8, 1, "rejected"), ((9, 10), 9, 0, "carried"), ((1, 10), 6, 3, "rejected"), ((1, 10), 7, 2, "carried")],
)
def test_it_is_carried_only_if_it_is_carried_under_each(
    present: tuple[int, int], yes: int, no: int, status: str
) -> None:
    world = Founded(9, rules=rules(rule("resolution", majority=at_least(*present))))
    proposal = open_rule_change(world)
    world.vote(proposal, yes=range(1, yes + 1), no=range(yes + 1, yes + no + 1))
    closed = world.until_closed(proposal)
    assert closed.status == status
    assert {one.status for one in closed.counts} >= {status}


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("no_quorum", "carried", "no_quorum"), ("carried", "no_quorum", "no_quorum"), ("no_quorum", "rejected", "rejected"),
        ("tied", "no_quorum", "tied"), ("rejected", "carried", "rejected"), ("tied", "rejected", "rejected"),
        ("tied", "carried", "tied"), ("carried", "tied", "tied"), ("carried", "carried", "carried"), ("tied", "tied", "tied"),
    ],
)  # fmt: skip
def test_statuses_combine_rejected_before_tied_before_no_quorum_before_carried(
    first: str, second: str, status: str
) -> None:
    # Three vote yes and three no, of nine: what each rule makes of that is in its own requirements.
    wanted: dict[str, dict[str, Any]] = {
        "no_quorum": {"calls": (Call(quorum=(quorum(Fraction(8, 9)),)),)},
        "rejected": {"calls": (Call(),), "majority": at_least(3, 4)},
        "tied": {"calls": (Call(),)},
        "carried": {"calls": (Call(),), "majority": at_least(1, 2)},
    }
    wanted["tied"]["majority"] = wanted["no_quorum"]["majority"] = (more_than(),)
    world = Founded(9, rules=rules(rule("resolution", **wanted[first]), rule("rules", **wanted[second])))
    proposal = open_rule_change(world)
    world.vote(proposal, yes=range(1, 4), no=range(4, 7))
    closed = world.until_closed(proposal)
    assert [one.status for one in closed.counts] == [first, second]
    assert closed.status == status


def test_there_is_a_further_call_only_if_every_rule_without_quorum_has_one_and_the_longest_wait_counts() -> None:
    two = (Call(quorum=(quorum(Fraction(1, 2)),)), Call(quorum=(quorum(Fraction(1, 9)),), after=3 * DAY))
    longer = (Call(quorum=(quorum(Fraction(1, 2)),)), Call(after=8 * DAY))
    one = (Call(quorum=(quorum(Fraction(1, 2)),)),)
    easy = (Call(),)
    for first, second, wait in (
        (two, longer, 8),
        (two, easy, 3),
        (easy, longer, 8),
        (two, one, None),
        (one, easy, None),
    ):
        world = Founded(9, rules=rules(rule("resolution", calls=first), rule("rules", calls=second)))
        proposal = open_rule_change(world)
        world.vote(proposal, yes=(1,))
        assert world.until_closed(proposal).status == "no_quorum"
        if wait is None:
            assert world.stage(proposal) == "rejected"
        else:
            assert world.state.next_due == later(world.now, wait * DAY)


def test_in_a_further_call_a_rule_without_one_keeps_asking_for_its_last_quorum() -> None:
    two = (Call(quorum=(quorum(Fraction(1, 2)),)), Call(after=3 * DAY))
    world = Founded(
        9, rules=rules(rule("resolution", calls=two), rule("rules", calls=(Call(quorum=(quorum(Fraction(1, 9)),)),)))
    )
    proposal = open_rule_change(world)
    world.vote(proposal, yes=(1,))
    world.until_closed(proposal)
    poll = world.until_open(proposal)
    quorums = [one.quorum for one in world.state.polls.get(poll).judged]
    assert quorums == [(), (quorum(Fraction(1, 9)),)]


@pytest.mark.parametrize(("matter", "wider"), [("resolution", 0), ("rules", 1)])
def test_each_rule_has_its_own_roll_and_a_ballot_counts_under_those_that_its_coop_is_on(
    matter: str, wider: int
) -> None:
    wide = rule(matter, entitled=Entitled(categories=("full", "associate")))
    world = Founded(8, rules=rules(wide), categories=["full"] * 5 + ["associate"] * 3)
    proposal = open_rule_change(world)
    assert [one.heads for one in world.last(PollOpened).rolls] == ([5, 8] if wider else [8, 5])
    world.vote(proposal, yes=range(1, 5), no=(5, 6, 7, 8))
    closed = world.until_closed(proposal)
    assert sums(closed, "yes", "no", under=wider) == [4, 4]
    assert sums(closed, "yes", "no", under=1 - wider) == [4, 1]
    assert (closed.counts[wider].status, closed.counts[1 - wider].status, closed.status) == ("tied", "carried", "tied")


def test_the_longest_period_of_all_its_rules_is_given_and_the_longest_notice_and_waiting() -> None:
    slow = rule("rules", notice=20 * DAY, voting=10 * DAY, waiting=DAY)
    world = Founded(9, rules=rules(rule("resolution", waiting=6 * DAY), slow))
    began = world.now
    proposal = world.submit(set_rule(world, rule("resolution")))
    world.until_open(proposal)
    assert world.now == later(began, 20 * DAY)
    world.vote(proposal, yes=range(1, 9))
    world.until_closed(proposal)
    assert world.now == later(began, 30 * DAY)
    world.wait(5 * DAY)
    assert world.stage(proposal) == "waiting"
    world.wait(DAY)
    assert world.stage(proposal) == "in_force"


def test_equal_rolls_under_two_rules_are_one_blob() -> None:
    world = Founded(9)
    open_rule_change(world)
    rolls = world.last(PollOpened).rolls
    assert len({one.electorate for one in rolls}) == 1
    assert world.blobs[rolls[0].electorate].startswith(b"rochdale/electorate/v1\n")
    assert not any(isinstance(record.body, PollClosed) for record in world.records)


def test_what_one_rule_has_rejected_gets_no_further_call_because_another_lacked_its_quorum() -> None:
    two = (Call(quorum=(quorum(Fraction(8, 9)),)), Call(after=3 * DAY))
    world = Founded(
        9, rules=rules(rule("resolution", calls=two), rule("rules", majority=at_least(3, 4), calls=(Call(),)))
    )
    proposal = open_rule_change(world)
    world.vote(proposal, yes=(1, 2), no=(3, 4))
    closed = world.until_closed(proposal)
    assert ([one.status for one in closed.counts], world.stage(proposal)) == (["no_quorum", "rejected"], "rejected")


def test_a_ballot_is_final_if_it_is_under_any_of_the_rules() -> None:
    world = Founded(9, rules=rules(rule("resolution", revoting="final")))
    proposal = open_rule_change(world)
    world.vote(proposal, yes=(1,))
    with refused("ballot_final"):
        world.vote(proposal, no=(1,))


def test_a_block_is_offered_if_any_of_the_rules_has_one_and_is_a_no_under_the_others() -> None:
    no_block = Requirement(counts="block", at_most_number=Fraction(0))
    world = Founded(9, rules=rules(rule("resolution", blocks=True, majority=(no_block, more_than()))))
    proposal = open_rule_change(world)
    world.vote(proposal, yes=range(1, 5))
    world.cast(world.poll_of(proposal), 5, "block", reason=world.text("It breaks our promise."))
    closed = world.until_closed(proposal)
    assert [one.status for one in closed.counts] == ["rejected", "carried"]
    assert sums(closed, "yes", "no", under=1) == [4, 1]
