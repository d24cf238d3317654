"""Notice: by the rule at submission, in full, and never for nothing."""

from governance.facts.polls import PollOpened
from governance.instants import later
from governance.rule import Rule
from tests.governance.acting import QUICK, SECOND, proposal_of, rules, set_rule
from tests.governance.world import DAY, Founded, rule


def test_voting_opens_exactly_when_the_notice_has_run() -> None:
    world = Founded(3)
    proposal = world.submit()
    opens = later(world.now, 7 * DAY)
    world.wait(7 * DAY - SECOND)
    assert world.stage(proposal) == "deliberation"
    world.wait(SECOND)
    assert world.stage(proposal) == "voting"
    opened = world.last(PollOpened)
    assert (opened.due, world.records[-1].at, opened.closes) == (opens, opens, later(opens, 7 * DAY))


def the_day_before(world: Founded, new: Rule) -> None:
    """A change of the rule on resolutions is carried; in a day it will be in force."""
    change = world.submit(set_rule(world, new))
    world.until_open(change)
    world.vote(change, yes=range(1, 7))
    world.wait(6 * DAY)
    assert world.stage(change) == "voting"


def test_notice_counts_by_the_rule_at_submission_and_the_other_periods_by_the_rule_at_opening() -> None:
    world = Founded(6, rules=rules(*QUICK))
    the_day_before(world, rule("resolution", notice=DAY, voting=3 * DAY))
    proposal = world.submit()
    world.wait(7 * DAY - SECOND)
    assert world.stage(proposal) == "deliberation"
    assert world.state.rules.get("resolution").version == 2
    world.wait(SECOND)
    opened = world.last(PollOpened)
    assert (opened.proposal, opened.rule, opened.closes) == (proposal, "resolution/2", later(world.now, 3 * DAY))


def test_a_proposal_brought_after_the_change_has_the_new_notice() -> None:
    world = Founded(6, rules=rules(*QUICK))
    the_day_before(world, rule("resolution", notice=DAY))
    world.wait(DAY)
    proposal = world.submit()
    assert proposal_of(world, proposal).needs.notice == DAY
    world.wait(DAY)
    assert world.stage(proposal) == "voting"


def test_support_needed_counts_by_the_rule_at_submission_too() -> None:
    world = Founded(6, rules=rules(*QUICK))
    the_day_before(world, rule("resolution", sponsors=3))
    early = world.submit()
    world.wait(DAY)
    late = world.submit()
    world.wait(7 * DAY)
    assert (world.stage(early), world.stage(late)) == ("voting", "deliberation")


def test_without_notice_voting_opens_at_once() -> None:
    world = Founded(3, rules=rules(*QUICK, rule("resolution", notice=0 * DAY)))
    assert world.stage(world.submit()) == "voting"
