"""Early close: only where ballots are final, nobody is excluded meanwhile, and the outcome cannot change any more."""

from fractions import Fraction

from governance.commands.polls import Cast
from governance.facts.polls import PollClosed, PollExtended
from governance.ids import PollId, ProposalId
from governance.requirement import Requirement
from governance.rule import Call
from tests.governance.acting import leave, refused, rules, send, set_rule, sums
from tests.governance.world import DAY, Founded, more_than, quorum, rule

P1, POLL = ProposalId("p1"), PollId("p1.v1")
OF_ALL = Requirement(of="entitled", more_than=Fraction(1, 2))


def opened(**changes: object) -> Founded:
    """A federation of nine with an open poll in which ballots are final, and more than half of all coops carry."""
    plain = {"revoting": "final", "early_close": True, "calls": (Call(),), "majority": (OF_ALL,)}
    world = Founded(9, rules=rules(rule("resolution", **{**plain, **changes})))
    world.submit()
    world.until_open(P1)
    return world


def test_it_closes_with_the_ballot_that_settles_it_and_not_before() -> None:
    world = opened()
    world.vote(P1, yes=range(1, 5))
    assert world.stage(P1) == "voting"
    world.cast(POLL, 5)
    closed = world.last(PollClosed)
    assert (closed.due, closed.status, sums(closed, "yes")) == (world.now, "carried", [5])
    assert world.stage(P1) == "in_force"


def test_after_that_nobody_casts_a_ballot_though_the_period_is_not_over() -> None:
    world = opened()
    late = world.statement(POLL, 9, "no")
    world.vote(P1, yes=range(1, 5))
    world._append(Cast(statement=world.statement(POLL, 5, "yes")), world.c(5))
    with refused("steps_overdue"):
        world._append(Cast(statement=late), world.c(9))
    with refused("poll_closed"):
        send(world, late, world.c(9))


def test_it_closes_when_it_can_only_be_rejected() -> None:
    world = opened()
    world.vote(P1, no=range(1, 6))
    assert world.last(PollClosed).status == "rejected"


def test_the_last_ballot_of_all_closes_it_also_in_a_tie() -> None:
    world = opened(majority=(more_than(),))
    world.vote(P1, yes=range(1, 5), no=range(5, 9))
    assert world.stage(P1) == "voting"
    world.cast(POLL, 9, "abstain")
    assert world.last(PollClosed).status == "tied"


def test_where_ballots_can_be_changed_it_stays_open_though_all_have_voted() -> None:
    world = opened(revoting="until_close", early_close=False)
    world.vote(P1, yes=range(1, 10))
    assert world.stage(P1) == "voting"


def test_where_coops_that_leave_are_excluded_it_cannot_close_early_since_the_outcome_can_change() -> None:
    with refused("rule_invalid"):
        opened(meanwhile="excluded")


def test_coops_that_leave_with_their_vote_change_nothing_of_what_is_settled() -> None:
    world = opened()
    leave(world, 7, 8, 9)
    world.vote(P1, yes=range(1, 6))
    closed = world.last(PollClosed)
    assert (closed.status, closed.changed, sums(closed, "entitled")) == ("carried", ("c7", "c8", "c9"), [9])


def test_a_settled_poll_is_closed_and_not_extended() -> None:
    half = (Call(quorum=(quorum(Fraction(1, 2)),)),)
    world = opened(calls=half, extension=2 * DAY)
    world.vote(P1, yes=range(1, 5))
    world.wait(6 * DAY)
    world.cast(POLL, 5)
    assert world.stage(P1) == "in_force"
    assert not any(isinstance(record.body, PollExtended) for record in world.records)


def test_an_unsettled_poll_that_can_close_early_is_extended_for_a_late_quorum() -> None:
    third = (Call(quorum=(quorum(Fraction(1, 3)),)),)
    world = opened(calls=third, extension=2 * DAY)
    world.vote(P1, yes=range(1, 3))
    world.wait(6 * DAY)
    world.cast(POLL, 3)
    assert world.last(PollExtended).poll == POLL
    world.vote(P1, yes=(4, 5))
    assert world.stage(P1) == "in_force"


def test_under_several_rules_it_closes_early_only_if_each_says_so_and_is_settled() -> None:
    final = {"revoting": "final", "early_close": True, "calls": (Call(),)}
    two_thirds = (Requirement(of="entitled", at_least=Fraction(2, 3)),)
    for both, stage in ((True, "in_force"), (False, "voting")):
        second = rule("rules", majority=two_thirds, **(final if both else {}))
        world = Founded(9, rules=rules(rule("resolution", majority=(OF_ALL,), **final), second))
        proposal = world.submit(set_rule(world, rule("resolution")))
        poll = world.until_open(proposal)
        world.vote(proposal, yes=range(1, 6))
        assert world.stage(proposal) == "voting"
        world.cast(poll, 6)
        assert world.stage(proposal) == stage
