from governance.facts import polls, proposals, register
from governance.facts.registry import FACTS
from governance.ids import HashText
from governance.log.blob import open_electorate, open_text
from governance.named import electorates_named, texts_named
from tests.governance.rich import rich_world

WITH_TEXTS = {
    proposals.ProposalSubmitted,
    proposals.AmendmentSuggested,
    proposals.ProposalAnswered,
    proposals.CommentPosted,
    proposals.DecisionChallenged,
    polls.BallotCast,
    polls.PollVoided,
    register.NumberContested,
}


def test_every_blob_of_a_federation_is_named_by_its_records() -> None:
    world = rich_world()
    texts = [named for record in world.records for named in texts_named(record.body)]
    rolls = [named for record in world.records for named in electorates_named(record.body)]
    assert {*texts, *rolls} == set(world.blobs)
    for named in texts:
        open_text(world.blobs[named])
    for named in rolls:
        open_electorate(world.blobs[named])


def test_only_these_records_bring_texts_and_each_of_them_does() -> None:
    found = {type(record.body) for record in rich_world().records if texts_named(record.body)}
    assert found == WITH_TEXTS <= set(FACTS.values())
    assert {type(record.body) for record in rich_world().records if electorates_named(record.body)} == {
        polls.PollOpened
    }


def test_a_text_or_roll_that_a_record_names_twice_comes_once() -> None:
    one = HashText("1" * 64)
    taken = polls.RollTaken(matter="rules", version=1, electorate=one, heads=3)  # type: ignore[arg-type]  # any will do
    opened = next(record.body for record in rich_world().records if isinstance(record.body, polls.PollOpened))
    fields = {name: getattr(opened, name) for name in opened.__struct_fields__}
    assert electorates_named(polls.PollOpened(**{**fields, "rolls": (taken, taken)})) == (one,)


def test_a_reason_that_was_not_given_is_no_text() -> None:
    challenged = proposals.DecisionChallenged(proposal="p1", coop="c1", reason=None, met=False)  # type: ignore[arg-type]
    assert texts_named(challenged) == ()
