"""When: the lines of the decision semantics under that heading, each in a whole federation."""

from fractions import Fraction

from governance.canonical import decoder_for
from governance.commands.polls import Cast
from governance.commands.register import DeclareNumber
from governance.counting.weighting import Weighting
from governance.electorate import Entry
from governance.facts.polls import PollClosed, PollExtended, PollOpened
from governance.ids import CoopId
from governance.log.blob import open_electorate
from governance.rule import Call
from tests.governance.acting import QUICK, SECOND, proposal_of, refused, rules, send, set_rule, snapshot, sums
from tests.governance.world import DAY, Founded, quorum, rule


def test_electorate_and_weights_are_taken_at_opening_and_listed_in_the_log() -> None:
    by_size = rule("resolution", weighting=Weighting(kind="linear"))
    world = Founded(3, rules=rules(by_size), cooperators=(5, 4, 4), countries=("AR", "UY", "UY"))
    world.until_open(world.submit())
    roll = world.last(PollOpened).rolls[0]
    listed = decoder_for(tuple[Entry, ...])(open_electorate(world.blobs[roll.electorate]))
    assert [(one.coop, one.country, one.weight, one.cooperators) for one in listed] == [
        ("c1", "AR", Fraction(5), Fraction(5)), ("c2", "UY", Fraction(4), Fraction(4)), ("c3", "UY", Fraction(4), Fraction(4)),
    ]  # fmt: skip


def test_a_number_that_begins_to_count_while_a_poll_is_open_changes_no_weight_in_it() -> None:
    by_size = rule("resolution", weighting=Weighting(kind="linear"), voting=60 * DAY)
    world = Founded(3, rules=rules(by_size), cooperators=(5, 4, 4))
    proposal = world.submit()
    world.until_open(proposal)
    world.ask(DeclareNumber(fact="cooperators", number=Fraction(100)), world.stewards[CoopId("c1")])
    world.vote(proposal, yes=(1,), no=(2, 3))
    assert sums(world.until_closed(proposal), "yes", "no", measure="weight") == [5, 8]


def test_rules_are_pinned_at_opening_and_a_change_carried_meanwhile_revives_no_defeated_proposal() -> None:
    hard = rule("resolution", calls=(Call(quorum=(quorum(Fraction(8, 9)),)),))
    world = Founded(9, rules=rules(hard, *QUICK))
    change = world.submit(set_rule(world, rule("resolution", calls=(Call(),))))
    defeated = world.submit()
    world.until_open(change)
    world.vote(change, yes=range(1, 10))
    world.vote(defeated, yes=range(1, 7))
    world.wait(7 * DAY)
    result = next(r.body for r in world.records if isinstance(r.body, PollClosed) and r.body.proposal == defeated)
    assert (world.state.rules.get("resolution").version, result.status) == (2, "no_quorum")
    assert world.stage(defeated) == "rejected"
    world.wait(100 * DAY)
    assert world.stage(defeated) == "rejected"
    assert proposal_of(world, change).stage == "in_force"


def test_deadlines_opening_inclusive_closing_exclusive_by_the_clock_at_admission_to_the_log() -> None:
    world = Founded(3)
    proposal = world.submit()
    poll = world.until_open(proposal)
    filled_in_early = world.statement(poll, 2, "yes")
    world.wait(7 * DAY - SECOND)
    world.cast(poll, 1)
    world.wait(SECOND)
    with refused("poll_closed"):
        send(world, filled_in_early, world.c(2))


def test_a_ballot_that_races_the_closing_is_in_the_log_before_the_closing_record_or_refused() -> None:
    world = Founded(3)
    proposal = world.submit()
    poll = world.until_open(proposal)
    first, second = world.statement(poll, 1, "yes"), world.statement(poll, 2, "yes")
    world.wait(7 * DAY - SECOND)
    send(world, first, world.c(1))
    world.now = world.state.polls.get(poll).closes
    before = snapshot(world.state)
    with refused("steps_overdue"):
        world.federation.decide(Cast(statement=second), actor=world.c(2), at=world.now)
    assert snapshot(world.state) == before
    with refused("poll_closed"):
        send(world, second, world.c(2))
    kinds = [record.type for record in world.records[-3:-1]]
    assert (kinds, sums(world.last(PollClosed), "ballots")) == (["ballot.cast", "poll.closed"], [1])


def test_late_quorum_extension_once_bounded_a_quorum_lost_and_regained_does_not_extend_again() -> None:
    third = (Call(quorum=(quorum(Fraction(1, 3)),)),)
    world = Founded(9, rules=rules(rule("resolution", calls=third, extension=DAY)))
    proposal = world.submit()
    poll = world.until_open(proposal)
    closes = world.state.polls.get(poll).closes
    world.wait(7 * DAY - SECOND)
    for number in range(1, 10):
        world.cast(poll, number)
        world.cast(poll, number, "no")
    assert sum(isinstance(record.body, PollExtended) for record in world.records) == 1
    world.until_closed(proposal)
    assert closes < world.last(PollClosed).due <= world.last(PollExtended).closes


def test_early_close_only_where_the_outcome_cannot_change_any_more_and_revoting_is_off() -> None:
    world = Founded(3, rules=rules(rule("resolution", early_close=True, revoting="final")))
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=(1,))
    assert world.stage(proposal) == "voting"
    world.vote(proposal, yes=(2,))
    assert world.stage(proposal) == "in_force"
    with refused("rule_invalid"):
        world.submit(set_rule(world, rule("resolution", early_close=True)))
