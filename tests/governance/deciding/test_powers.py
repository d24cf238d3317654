"""What an office may write without a vote, and that it needs the power for each."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from governance.charter import Add, ArticleContent
from governance.commands import proposals as propose
from governance.commands import register as ask
from governance.commands.polls import VoidPoll
from governance.effect import AmendCharter, Resolve, Suspend
from governance.facts.register import CoopLeft, StandingRecorded
from governance.ids import ArticleId, CoopId, HashText, MandateId
from governance.mandate import Power
from governance.proposal import Stage
from tests.governance.acting import QUICK, challenge, decree, leave, proposal_of, refused, rules, standing
from tests.governance.world import DAY, Founded, rule

C1, C2 = CoopId("c1"), CoopId("c2")
HASH = HashText("0" * 64)
CHARTER = (rule("charter", waiting=14 * DAY),)


def without(world: Founded, power: Power) -> Founded:
    """The same world, in which the office has lost a power."""
    office = world.state.offices.get(world.office)
    powers = tuple(one for one in office.powers if one != power)
    world.state.offices.put(office.id, replace(office, powers=powers))
    return world


def exercise(world: Founded, power: Power, by: MandateId) -> None:
    commands: dict[Power, Any] = {
        "record_standing": ask.RecordStanding(coop=C2, good=False),
        "record_departures": ask.Leave(coop=C2),
        "redact_texts": ask.RedactText(text=HASH, reason="unlawful"),
        "decide_urgently": propose.Submit(effect=Resolve(narrowing="urgent"), text=HASH),
    }
    if power == "void_open_polls":
        commands[power] = VoidPoll(poll=world.until_open(world.submit()), reason=HASH)
    world.ask(commands[power], by)


POWERS: tuple[Power, ...] = (
    "record_standing",
    "record_departures",
    "redact_texts",
    "void_open_polls",
    "decide_urgently",
)


@pytest.mark.parametrize("power", POWERS)
def test_an_office_does_what_the_rulebook_lists(power: Power) -> None:
    world = Founded(4)
    exercise(world, power, world.officer)


@pytest.mark.parametrize("power", POWERS)
def test_an_office_does_nothing_that_the_rulebook_does_not_list(power: Power) -> None:
    world = without(Founded(4), power)
    with refused("power_missing"):
        exercise(world, power, world.officer)


@pytest.mark.parametrize("power", POWERS)
def test_no_coop_has_the_powers_of_an_office(power: Power) -> None:
    world = Founded(4)
    with refused("not_entitled" if power == "decide_urgently" else "no_mandate"):
        exercise(world, power, world.c(1))


def test_standing_is_recorded_once_and_not_of_who_has_left() -> None:
    world = Founded(4)
    recorded = world.ask(ask.RecordStanding(coop=C1, good=False), world.officer)
    assert recorded == StandingRecorded(coop=C1, good=False, office=world.office)
    with refused("fact_invalid"):
        standing(world, 1, good=False)
    standing(world, 1, good=True)
    with refused("fact_invalid"):
        standing(world, 1, good=True)
    with refused("coop_unknown"):
        standing(world, 99, good=True)
    leave(world, 1)
    with refused("coop_not_member"):
        standing(world, 1, good=False)


def test_without_good_standing_a_coop_has_no_vote_and_with_it_again_it_has() -> None:
    world = Founded(4)
    standing(world, 4, good=False)
    with refused("not_entitled"):
        world.submit(by=4)
    assert "c4" not in world.state.polls.get(world.until_open(world.submit())).voters
    standing(world, 4, good=True)
    assert "c4" in world.state.polls.get(world.until_open(world.submit())).voters


def test_a_coop_leaves_by_its_own_act() -> None:
    world = Founded(4)
    assert world.ask(ask.Leave(), world.stewards[C1]) == CoopLeft(coop=C1, office=None)
    coop = world.state.coops.get(C1)
    assert (coop.status, coop.since) == ("former", world.now)
    with refused("coop_not_member"):
        world.submit(by=1)
    with refused("coop_not_member"):
        world.ask(ask.Leave(), world.stewards[C1])
    with refused("coop_not_member"):
        world.ask(ask.Leave(coop=C1), world.officer)


def test_only_a_steward_takes_its_coop_out() -> None:
    world = Founded(4)
    with refused("no_mandate"):
        world.ask(ask.Leave(), world.c(1))
    with refused("no_mandate"):
        world.ask(ask.Leave(coop=C1), world.stewards[C1])
    with refused("coop_unknown"):
        world.ask(ask.Leave(coop=CoopId("c99")), world.officer)
    assert world.ask(ask.Leave(coop=C1), world.officer) == CoopLeft(coop=C1, office=world.office)


def test_a_suspended_coop_has_voice_but_no_part_and_can_leave() -> None:
    world = Founded(5, rules=rules(*QUICK))
    decree(world, Suspend(coop=CoopId("c5")), yes=(1, 2, 3, 4))
    assert world.state.coops.get(CoopId("c5")).status == "suspended"
    with refused("coop_not_member"):
        world.submit(by=5)
    leave(world, 5)


def amending(world: Founded) -> tuple[Any, HashText]:
    """A proposal to change the charter, and the hash of the article that it adds."""
    text = world.text(ArticleContent(heading="Education", text="We teach."))
    operations = (Add(article=ArticleId("education"), text=text),)
    return world.submit(AmendCharter(base=1, operations=operations)), text


def redact(world: Founded, text: HashText) -> None:
    world.ask(ask.RedactText(text=text, reason="rights_of_others"), world.officer)


def test_a_text_is_redacted_once() -> None:
    world = Founded(4)
    text = world.text("A comment.")
    redact(world, text)
    assert world.state.redacted.get(text) == len(world.records) - 1
    with refused("fact_invalid"):
        redact(world, text)


@pytest.mark.parametrize("stage", ["waiting", "between_polls", "voting", "in_force"])
def test_the_text_of_a_carried_change_of_the_charter_falls_by_vote_only(stage: Stage) -> None:
    world = Founded(5, rules=rules(*CHARTER))
    proposal, text = amending(world)
    world.until_open(proposal)
    world.vote(proposal, yes=(1, 2, 3, 4, 5))
    world.until_closed(proposal)
    if stage == "in_force":
        world.wait(15 * DAY)
    elif stage != "waiting":
        challenge(world, proposal, 1)
    if stage == "between_polls":
        world.ask(VoidPoll(poll=world.poll_of(proposal), reason=HASH), world.officer)
    assert proposal_of(world, proposal).stage == stage
    with refused("text_permanent"):
        redact(world, text)
    redact(world, world.text("Another text."))


def test_a_text_that_was_not_carried_can_be_redacted() -> None:
    world = Founded(5, rules=rules(*CHARTER))
    proposal, text = amending(world)
    world.until_open(proposal)
    world.vote(proposal, no=(1, 2, 3, 4, 5))
    world.until_closed(proposal)
    redact(world, text)
    assert proposal_of(world, proposal).stage == "rejected"


def test_a_change_of_the_charter_whose_confirmation_failed_can_be_redacted() -> None:
    world = Founded(5, rules=rules(*CHARTER))
    proposal, text = amending(world)
    world.until_open(proposal)
    world.vote(proposal, yes=(1, 2, 3, 4, 5))
    world.until_closed(proposal)
    challenge(world, proposal, 1)
    world.vote(proposal, no=(1, 2, 3, 4, 5))
    world.until_closed(proposal)
    assert proposal_of(world, proposal).stage == "rejected"
    redact(world, text)


def test_a_text_redacted_before_voting_opens_ends_the_proposal() -> None:
    world = Founded(5, rules=rules(*CHARTER))
    proposal, text = amending(world)
    redact(world, text)
    world.wait(8 * DAY + timedelta(minutes=1))
    assert proposal_of(world, proposal).stage == "lapsed"
