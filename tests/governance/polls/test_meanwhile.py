"""Coops that are suspended, expelled or leave while a poll is open: the rule says whether their vote stands."""

from governance.commands.polls import Cast
from governance.effect import Expel, Recategorise, Reinstate, Suspend
from governance.facts.polls import PollClosed
from governance.ids import CoopId, ProposalId
from governance.rule import Rule
from tests.governance.acting import QUICK, decree, leave, rules, standing, sums
from tests.governance.world import DAY, Founded, rule

STANDS = rule("resolution")
EXCLUDED = rule("resolution", meanwhile="excluded")
P1 = ProposalId("p1")


def changing(resolution: Rule) -> Founded:
    """An open poll in which c1 to c6 voted yes; then c4 is suspended, c5 expelled, and c6 leaves."""
    world = Founded(9, rules=rules(resolution, *QUICK))
    world.submit()
    world.until_open(P1)
    world.vote(P1, yes=range(1, 7), no=(7,))
    decree(world, Suspend(coop=CoopId("c4")), yes=(1, 2, 3))
    decree(world, Expel(coop=CoopId("c5")), yes=(1, 2, 3))
    leave(world, 6)
    return world


def closed(world: Founded) -> PollClosed:
    world.wait(7 * DAY)
    return next(r.body for r in world.records if isinstance(r.body, PollClosed) and r.body.proposal == P1)


def test_by_default_the_entitlement_frozen_at_opening_stands_and_the_outcome_lists_who_changed() -> None:
    result = closed(changing(STANDS))
    assert sums(result, "entitled", "yes", "no") == [9, 6, 1]
    assert result.changed == ("c4", "c5", "c6")


def test_where_the_rule_excludes_them_they_are_in_neither_numerator_nor_base() -> None:
    result = closed(changing(EXCLUDED))
    assert sums(result, "entitled", "yes", "no") == [6, 3, 1]
    assert result.changed == ("c4", "c5", "c6")


def test_who_is_a_member_again_at_the_closing_is_counted() -> None:
    world = changing(EXCLUDED)
    decree(world, Reinstate(coop=CoopId("c4")), yes=(1, 2, 3))
    result = closed(world)
    assert (sums(result, "entitled", "yes"), result.changed) == ([7, 4], ("c5", "c6"))


def test_a_ballot_cast_by_an_excluded_coop_is_recorded_and_not_counted() -> None:
    world = changing(EXCLUDED)
    world.cast(world.poll_of(P1), 4, "no")
    assert sums(closed(world), "entitled", "yes", "no") == [6, 3, 1]


def test_who_had_left_before_the_opening_is_not_among_those_who_changed() -> None:
    world = Founded(9, rules=rules(STANDS, *QUICK))
    world.submit()
    leave(world, 9)
    world.until_open(P1)
    leave(world, 8)
    assert closed(world).changed == ("c8",)


def test_another_category_or_standing_meanwhile_takes_no_vote_away() -> None:
    world = Founded(9, rules=rules(EXCLUDED, *QUICK))
    world.submit()
    world.until_open(P1)
    world.vote(P1, yes=range(1, 7))
    decree(world, Recategorise(coop=CoopId("c4"), category="observer"), yes=(1, 2, 3))
    standing(world, 5, good=False)
    result = closed(world)
    assert (sums(result, "entitled", "yes"), result.changed) == ([9, 6], ())


def test_a_poll_from_which_every_coop_is_excluded_closes_without_quorum() -> None:
    world = Founded(4, rules=rules(EXCLUDED))
    world.submit()
    poll = world.until_open(P1)
    world.vote(P1, yes=(1, 2))
    late = world.statement(poll, 3, "yes")
    leave(world, 1, 2, 3, 4)
    world.ask(Cast(statement=late), world.c(3))
    result = closed(world)
    assert (result.status, sums(result, "entitled", "yes", measure="weight")) == ("no_quorum", [0, 0])
    world.wait(30 * DAY)
    assert (world.stage(P1), world.state.next_due) == ("lapsed", None)


def test_coops_that_left_are_listed_by_their_number() -> None:
    world = Founded(12)
    world.submit()
    world.until_open(P1)
    leave(world, 10, 2, 11, 1)
    assert closed(world).changed == ("c1", "c2", "c10", "c11")
