"""Erasing a text is an office's power, and what became part of the charter by vote is beyond it."""

from datetime import timedelta
from typing import Any

import pytest

from governance.charter import Add, ArticleContent
from governance.commands import register as ask
from governance.commands.polls import VoidPoll
from governance.effect import AmendCharter
from governance.ids import ArticleId, HashText
from governance.proposal import Stage
from tests.governance.acting import challenge, proposal_of, refused, rules
from tests.governance.world import DAY, Founded, rule

HASH = HashText("0" * 64)
CHARTER = (rule("charter", waiting=14 * DAY),)


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
