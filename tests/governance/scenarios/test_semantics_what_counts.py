"""What counts: the lines of the decision semantics under that heading, each in a whole federation."""

from fractions import Fraction

import pytest

from governance.commands.register import DeclareNumber
from governance.counting.weighting import Weighting
from governance.effect import Resolve
from governance.facts.polls import BallotCast, PollClosed
from governance.ids import ProposalId
from governance.requirement import Base, Requirement
from governance.rule import Call
from tests.governance.acting import demand, refused, rules, sums
from tests.governance.world import DAY, Founded, more_than, quorum, rule

ANY = (Call(),)
P1 = ProposalId("p1")


def voted(world: Founded, **ballots: range) -> PollClosed:
    """The result of a resolution on which ballots are cast."""
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, **ballots)
    return world.until_closed(proposal)


@pytest.mark.parametrize(("of", "status"), [("yes+no", "carried"), ("ballots", "rejected"), ("entitled", "rejected")])
def test_whether_abstentions_count_is_the_base_that_the_requirement_names(of: Base, status: str) -> None:
    majority = (Requirement(of=of, more_than=Fraction(1, 2)),)
    world = Founded(12, rules=rules(rule("resolution", majority=majority)))
    assert voted(world, yes=range(1, 5), no=range(5, 8), abstain=range(8, 11)).status == status


def test_a_base_is_in_the_requirements_own_measure_so_weights_of_5_and_3_are_never_400_per_cent() -> None:
    by_dues = rule("resolution", weighting=Weighting(kind="linear", fact="dues"), calls=ANY)
    numbers = {number: {"dues": Fraction(dues)} for number, dues in ((1, 5), (2, 3), (3, 4), (4, 4))}
    closed = voted(Founded(4, rules=rules(by_dues), numbers=numbers), yes=range(1, 3), no=range(3, 5))
    assert sums(closed, "yes", "no", "entitled", measure="weight") == [8, 8, 16]
    assert sums(closed, "yes", "no", "entitled", measure="coops") == [2, 2, 4]


def test_only_abstentions_cast_the_quorum_may_hold_the_majority_does_not() -> None:
    closed = voted(Founded(9), abstain=range(1, 10))
    assert (closed.status, sums(closed, "ballots", "abstain")) == ("rejected", [9, 9])


def test_zero_ballots_never_carried_though_silence_is_consent() -> None:
    world = Founded(9)
    proposal = world.submit(Resolve(narrowing="routine"))
    assert world.until_closed(proposal).status == "rejected"


def test_casting_no_can_complete_the_quorum_that_lets_it_pass_and_the_outcome_says_so() -> None:
    world = Founded(10, rules=rules(rule("resolution", calls=(Call(quorum=(quorum(Fraction(1, 2)),)),))))
    closed = voted(world, yes=range(1, 5), no=range(5, 6))
    assert (closed.status, closed.counts[0].no_show) == ("carried", True)
    enough = voted(Founded(10), yes=range(1, 6), no=range(6, 7))
    assert (enough.status, enough.counts[0].no_show) == ("carried", False)


def test_a_requirement_on_entitled_avoids_that() -> None:
    of_all = (Requirement(of="entitled", at_least=Fraction(2, 5)), more_than())
    world = Founded(10, rules=rules(rule("resolution", calls=ANY, majority=of_all)))
    closed = voted(world, yes=range(1, 5), no=range(5, 6))
    assert (closed.status, closed.counts[0].no_show) == ("carried", False)


def test_two_option_ties_do_not_carry_and_are_said_to_be_ties() -> None:
    world = Founded(10)
    closed = voted(world, yes=range(1, 6), no=range(6, 11))
    assert (closed.status, world.stage(closed.proposal)) == ("tied", "rejected")


def test_a_weight_of_zero_is_a_coop_without_a_vote_not_entitled_not_counted_for_quorum() -> None:
    by_dues = rule(
        "resolution",
        weighting=Weighting(kind="linear", fact="dues"),
        calls=(Call(quorum=(quorum(Fraction(1, 2)),)),),
        sponsors=2,
    )
    numbers = {number: {"dues": Fraction(dues)} for number, dues in enumerate((3, 1, 1, 1, 0, 0), start=1)}
    world = Founded(7, rules=rules(by_dues), numbers=numbers)
    proposal = world.submit()
    for number in (5, 6, 7):
        with refused("not_entitled"):
            demand(world, proposal, number)
    demand(world, proposal, 2)
    poll = world.until_open(proposal)
    for number in (5, 6, 7):
        with refused("not_on_roll"):
            world.cast(poll, number)
    world.vote(proposal, yes=(1, 2))
    closed = world.until_closed(proposal)
    assert (closed.status, sums(closed, "entitled", "yes")) == ("carried", [4, 2])


def test_weights_never_come_from_the_voter_and_a_declared_number_counts_later() -> None:
    by_size = rule("resolution", weighting=Weighting(kind="linear"), calls=ANY)
    world = Founded(3, rules=rules(by_size), cooperators=(5, 4, 4))
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.ask(DeclareNumber(fact="cooperators", number=Fraction(900)), world.stewards[world.state.coops.get("c1").id])
    statement = world.statement(poll, 1, "yes")
    assert "weight" not in type(statement).__struct_fields__
    world.vote(proposal, yes=(1,), no=(2, 3))
    assert sums(world.until_closed(proposal), "yes", "no", measure="weight") == [5, 8]
    world.wait(40 * DAY)
    later_one = voted(world, yes=range(1, 2), no=range(2, 4))
    assert sums(later_one, "yes", "no", measure="weight") == [900, 8]


def test_consent_an_unresolved_objection_blocks_abstaining_is_not_consenting_and_who_objected_and_why_is_kept() -> None:
    consent = rule(
        "resolution",
        blocks=True,
        calls=ANY,
        majority=(
            Requirement(at_least_number=Fraction(1)),
            Requirement(counts="block", at_most_number=Fraction(0)),
        ),
    )
    world = Founded(5, rules=rules(consent))
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.vote(proposal, yes=(1, 2, 3))
    why = world.text("It would break our promise.")
    world.cast(poll, 4, "block", reason=why)
    objection = world.last(BallotCast)
    assert (objection.coop, objection.reason) == ("c4", why)
    assert world.until_closed(proposal).status == "rejected"
    assert voted(Founded(5, rules=rules(consent)), abstain=range(1, 6)).status == "rejected"
    resolved = world.submit()
    poll = world.until_open(resolved)
    world.cast(poll, 4, "block", reason=why)
    world.cast(poll, 4, "abstain")
    world.cast(poll, 1, "yes")
    assert world.until_closed(resolved).status == "carried"
