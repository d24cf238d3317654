"""Urgent decisions of an office: in force at once, and gone unless the coops ratify them in time."""

from governance.commands.proposals import AcceptAmendment, Submit, Withdraw
from governance.effect import Resolve
from governance.facts.polls import PollClosed
from governance.facts.proposals import ProposalEnacted, ProposalLapsed
from governance.ids import AmendmentId, OfficeId, ProposalId
from governance.instants import later
from governance.mandate import Office
from governance.rule import Confirmation
from tests.governance.acting import challenge, proposal_of, refused, rules, suggest, void
from tests.governance.world import DAY, Founded, more_than, rule

P1 = ProposalId("p1")


def urgent(**changes: object) -> Founded:
    """A federation whose office has just decided something urgently."""
    periods = {"notice": 0 * DAY, "provisional": 14 * DAY, **changes}
    board = Office(id=OfficeId("board"), title="Board", powers=("decide_urgently",))
    world = Founded(10, rules=rules(rule("resolution.urgent", **periods)), offices=(board,))
    world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("We closed the mail server.")), world.officer)
    return world


def test_the_vote_on_it_opens_without_support_and_its_end_is_fixed() -> None:
    world = urgent()
    decided = proposal_of(world, P1)
    assert (decided.stage, decided.office, decided.provisional_until) == (
        "voting",
        "secretary",
        later(world.now, 14 * DAY),
    )


def test_ratified_it_stays_in_force_as_a_numbered_resolution() -> None:
    world = urgent()
    world.vote(P1, yes=range(1, 6))
    world.wait(7 * DAY)
    assert (world.stage(P1), proposal_of(world, P1).number) == ("in_force", 1)
    world.wait(30 * DAY)
    assert world.stage(P1) == "in_force"
    assert world.state.next_due is None


def test_rejected_it_lapses_at_once() -> None:
    world = urgent()
    world.vote(P1, yes=range(1, 4), no=range(4, 9))
    assert world.until_closed(P1).status == "rejected"
    assert (world.stage(P1), world.last(ProposalLapsed).reason) == ("lapsed", "not_ratified")


def test_without_quorum_it_has_its_further_call_within_its_time() -> None:
    world = urgent(provisional=30 * DAY)
    assert world.until_closed(P1).status == "no_quorum"
    assert world.stage(P1) == "between_polls"
    world.wait(7 * DAY)
    world.vote(P1, yes=(1, 2))
    world.wait(7 * DAY)
    assert world.stage(P1) == "in_force"


def test_it_lapses_by_time_while_it_waits_for_a_further_call() -> None:
    world = urgent()
    until = later(world.now, 14 * DAY)
    world.until_closed(P1)
    world.wait(7 * DAY)
    assert world.stage(P1) == "lapsed"
    assert world.last(ProposalLapsed) == ProposalLapsed(proposal=P1, reason="not_ratified", due=until)


def test_it_lapses_by_time_while_the_vote_on_it_is_open() -> None:
    world = urgent(voting=10 * DAY)
    world.vote(P1, yes=range(1, 10))
    world.wait(9 * DAY)
    void(world, world.poll_of(P1))
    world.vote(P1, yes=range(1, 10))
    world.wait(5 * DAY)
    assert (world.stage(P1), len(world.state.polls), len(world.state.ballots)) == ("lapsed", 0, 0)
    assert not any(isinstance(record.body, PollClosed) for record in world.records)
    assert world.state.next_due is None


def test_a_vote_that_closes_at_the_very_instant_at_which_it_would_lapse_still_counts() -> None:
    world = urgent(voting=14 * DAY)
    world.vote(P1, yes=range(1, 6))
    world.wait(14 * DAY)
    assert world.stage(P1) == "in_force"


def test_it_lapses_in_its_notice_if_its_vote_comes_too_late() -> None:
    world = urgent(notice=7 * DAY, provisional=14 * DAY)
    suggest(world, P1)
    world.wait(6 * DAY)
    world.ask(AcceptAmendment(amendment=AmendmentId("p1.a1")), world.officer)
    world.wait(8 * DAY)
    assert (world.stage(P1), world.last(ProposalLapsed).reason) == ("lapsed", "not_ratified")


def test_an_outage_that_covers_its_end_leaves_it_lapsed_though_the_votes_were_there() -> None:
    world = urgent(notice=7 * DAY, provisional=14 * DAY)
    world.oversleep(30 * DAY)
    assert world.stage(P1) == "lapsed"


def test_carried_in_time_it_does_not_lapse_during_its_waiting_period() -> None:
    world = urgent(waiting=20 * DAY)
    world.vote(P1, yes=range(1, 6))
    world.wait(26 * DAY)
    assert world.stage(P1) == "waiting"
    world.wait(DAY)
    assert world.stage(P1) == "in_force"


def test_challenged_and_not_confirmed_it_lapses() -> None:
    world = urgent(waiting=20 * DAY)
    world.vote(P1, yes=range(1, 6))
    world.wait(10 * DAY)
    challenge(world, P1, 9, 10)
    world.vote(P1, yes=range(1, 4), no=range(4, 9))
    world.wait(7 * DAY)
    assert (world.stage(P1), world.last(ProposalLapsed).reason) == ("lapsed", "not_ratified")


def test_a_confirming_vote_that_the_rule_asks_for_keeps_it_in_force_until_then() -> None:
    world = urgent(confirmation=Confirmation(majority=(more_than(),), after=20 * DAY, voting=DAY))
    world.vote(P1, yes=range(1, 6))
    world.wait(27 * DAY)
    assert world.stage(P1) == "voting"
    world.vote(P1, yes=(1,))
    world.wait(DAY)
    assert world.last(ProposalEnacted).proposal == P1


def test_the_office_that_decided_takes_it_back_and_nobody_else() -> None:
    world = urgent(notice=DAY)
    with refused("not_sponsor"):
        world.ask(Withdraw(proposal=P1), world.officers[OfficeId("board")])
    with refused("no_mandate"):
        world.ask(Withdraw(proposal=P1), world.c(1))
    world.ask(Withdraw(proposal=P1), world.officer)
    assert (world.stage(P1), world.state.next_due) == ("withdrawn", None)


def test_where_no_rule_gives_it_time_an_urgent_decision_is_an_ordinary_proposal() -> None:
    world = Founded(10, rules=[one for one in rules() if one.matter != "resolution.urgent"])
    world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("A text.")), world.officer)
    assert proposal_of(world, P1).provisional_until is None
    world.until_open(P1)
    world.vote(P1, no=range(1, 6))
    world.wait(7 * DAY)
    assert world.stage(P1) == "rejected"
