"""Comments and replies."""

from governance.commands.proposals import Comment
from governance.facts.proposals import CommentPosted
from governance.ids import CoopId, ProposalId
from tests.governance.acting import leave, refused, snapshot, standing, withdraw
from tests.governance.world import Founded


def comment(world: Founded, proposal: ProposalId, by: int, reply_to: int | None = None) -> int:
    world.ask(Comment(proposal=proposal, text=world.text("A word."), reply_to=reply_to), world.c(by))
    return world.records[-1].seq


def test_member_coops_of_any_category_and_standing_comment_and_reply() -> None:
    world = Founded(4, categories=["full", "full", "full", "observer"])
    proposal = world.submit()
    standing(world, 2, good=False)
    first = comment(world, proposal, 4)
    comment(world, proposal, 2, reply_to=first)
    assert (world.last(CommentPosted).coop, world.last(CommentPosted).reply_to) == ("c2", first)
    comment(world, proposal, 3, reply_to=first + 1)


def test_a_comment_changes_nothing_but_that_it_can_be_replied_to() -> None:
    world = Founded(4)
    proposal = world.submit()
    before = snapshot(world.state)
    said = comment(world, proposal, 3)
    assert snapshot(world.state) == before | {"comments": {said: proposal}, "size": before["size"] + 1}


def test_a_reply_is_to_a_comment_on_the_same_proposal() -> None:
    world = Founded(4)
    proposal, other = world.submit(), world.submit()
    said = comment(world, proposal, 2)
    for number in (said - 1, said + 1, -1, 10**9):
        with refused("proposal_unknown"):
            comment(world, proposal, 3, reply_to=number)
    with refused("proposal_unknown"):
        comment(world, other, 3, reply_to=said)


def test_who_is_no_member_or_no_delegate_does_not_comment() -> None:
    world = Founded(4)
    proposal = world.submit()
    leave(world, 4)
    with refused("coop_not_member"):
        comment(world, proposal, 4)
    for actor in (world.stewards[CoopId("c1")], world.officer, world.mandate()):
        with refused("no_mandate"):
            world.ask(Comment(proposal=proposal, text=world.text("A word.")), actor)
    with refused("proposal_unknown"):
        comment(world, ProposalId("p9"), 1)


def test_a_proposal_that_is_over_can_still_be_commented() -> None:
    world = Founded(4)
    proposal = world.submit()
    withdraw(world, proposal)
    comment(world, proposal, 2)
