"""A log that goes on after a loss: who may say so, and what becomes of what was open."""

from typing import Any

import pytest

from governance.commands import proposals as propose
from governance.commands import register
from governance.deciding.authority import NotFounded
from governance.effect import Resolve
from governance.errors import RochdaleError
from governance.facts.polls import PollOpened
from governance.federation import Federation
from governance.ids import FEDERATION, OPERATOR, CoopId, MandateId, ProposalId
from governance.instants import Day, later
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import KeyType, SigningKey, format_verifier_key
from governance.log.merkle import leaf_hash, root_of
from governance.mandate import NoMandate
from tests.governance.acting import proposal_of, put, refused, rules, suggest
from tests.governance.forging import first_illegal
from tests.governance.lost import AFTER, THIRD, command, go_on, last_word, restored
from tests.governance.world import DAY, KEY, ORIGIN, START, Founded, rule


def refusal(world: Founded, **changes: Any) -> str:
    """The code with which it is refused that a world goes on."""
    with pytest.raises(RochdaleError) as caught:
        go_on(world, changes.pop("signed", world.entries), **changes)
    return caught.value.code


def voting() -> tuple[Founded, ProposalId, int]:
    """A federation that votes: the ballot of one coop is in the backup, of that size, and those of two others are not."""
    world = Founded(6)
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=[1])
    size = len(world.entries)
    world.wait(DAY)
    world.vote(proposal, no=[2, 3])
    return world, proposal, size


def test_a_log_goes_on_under_another_origin_and_says_for_ever_what_was_lost() -> None:
    world, _, size = voting()
    left = restored(world, size)
    fact = go_on(left, world.entries)
    assert (left.state.origin, left.state.key) == (fact.origin, fact.key)
    (told,) = left.state.continuations
    assert (told.seq, told.signed, told.lost, told.at) == (size, len(world.entries), 2, left.now)
    assert (told.origin_before, told.key_before) == (ORIGIN, format_verifier_key(KEY.verifier_key))
    assert left.entries[:size] == world.entries[:size]
    assert first_illegal(left.records, left.blobs) is None


def test_it_goes_on_again_after_a_second_loss_and_never_under_a_name_that_it_had() -> None:
    world = Founded(3)
    go_on(world, world.entries)
    size = len(world.entries)
    world.submit()
    left = restored(world, size)
    back = SigningKey(name=ORIGIN, seed=bytes(32))
    assert refusal(left, signed=world.entries, before=AFTER, after=back) == "continuation_invalid"
    assert refusal(left, signed=world.entries, before=KEY, after=THIRD) == "note_unsigned"
    go_on(left, world.entries, before=AFTER, after=THIRD)
    assert [one.lost for one in left.state.continuations] == [0, len(world.entries) - size]
    assert first_illegal(left.records, left.blobs) is None


def test_only_the_operator_lets_a_log_go_on() -> None:
    world = Founded(3)
    for actor in (FEDERATION, world.c(1), world.officer, MandateId("m-" + "e" * 32)):
        assert refusal(world, actor=actor) == "no_mandate"
    with pytest.raises(NoMandate):
        world.federation.decide(command(world.entries), actor=world.c(1), at=world.now)


def test_what_was_not_founded_is_founded_again() -> None:
    with pytest.raises(NotFounded):
        Federation().decide(command([]), actor=OPERATOR, at=START)


def test_the_key_before_has_to_name_the_key_after_it_and_all_that_it_signed() -> None:
    world = Founded(3)
    root = root_of([leaf_hash(entry) for entry in world.entries])
    plain = sign_checkpoint(Checkpoint(origin=ORIGIN, size=len(world.entries), root=root), KEY).decode()
    assert refusal(world, lost=plain) == "continuation_invalid"
    assert refusal(world, lost=last_word(world.entries, KEY, THIRD)) == "continuation_invalid"
    assert refusal(world, lost=last_word(world.entries, AFTER)) == "note_unsigned"
    assert refusal(world, lost=last_word(world.entries[:-1])) == "continuation_invalid"
    assert refusal(world, lost="nothing") == "note_invalid"


@pytest.mark.parametrize(
    ("after", "changes", "code"),
    [
        (AFTER, {"origin": "other.example"}, "continuation_invalid"),
        (AFTER, {"key": "other.example"}, "verifier_key_invalid"),
        (SigningKey(name=ORIGIN, seed=bytes(32)), {}, "continuation_invalid"),
        (SigningKey(name="test.example/log2", seed=bytes(range(32))), {}, "continuation_invalid"),
        (SigningKey(name="test.example/log2", seed=bytes(32), kind=KeyType.WITNESS), {}, "key_type_wrong"),
    ],
)
def test_the_origin_and_the_key_are_new_ones(after: SigningKey, changes: dict[str, str], code: str) -> None:
    assert refusal(Founded(3), after=after, **changes) == code


def test_a_vote_that_was_open_is_void_and_opens_again_with_all_its_ballots_to_be_cast_anew() -> None:
    world, proposal, size = voting()
    left = restored(world, size)
    opened = world.poll_of(proposal)
    go_on(left, world.entries)
    assert (left.stage(proposal), left.state.polls.get(opened)) == ("between_polls", None)
    assert left.state.ballots.get(opened, CoopId("c1")) is None
    assert not proposal_of(left, proposal).voided
    again = left.until_open(proposal)
    assert (again, left.last(PollOpened).call) == ("p1.v2", 1)
    assert left.records[-1].at == later(left.state.continuations[0].at, 7 * DAY)
    with refused("statement_mismatch"):
        left.cast(again, 1)
    for number in range(1, 5):
        left.cast(again, number, origin=AFTER.verifier_key.name)
    assert left.until_closed(proposal).status == "carried"
    assert first_illegal(left.records, left.blobs) is None


def test_a_vote_whose_end_fell_into_the_outage_is_not_decided_by_the_ballots_that_happen_to_be_left() -> None:
    world, proposal, size = voting()
    left = restored(world, size)
    left.now = later(left.now, 30 * DAY)
    go_on(left, world.entries)
    left.settle()
    assert left.stage(proposal) == "between_polls"
    assert not [record for record in left.records if record.type == "poll.closed"]
    assert first_illegal(left.records, left.blobs) is None


def test_a_vote_on_an_amendment_is_void_and_held_again_as_well() -> None:
    world = Founded(6)
    proposal = world.submit()
    put(world, suggest(world, proposal))
    go_on(world, world.entries)
    assert proposal_of(world, proposal).amendments[0].status == "put"
    world.wait(7 * DAY)
    assert (world.last(PollOpened).poll, world.last(PollOpened).purpose) == ("p1.v2", "amendment")


def test_whatever_was_to_fall_due_does_so_later_by_the_time_that_is_lost() -> None:
    waiting = rule("resolution", waiting=7 * DAY, challenge=None)
    world = Founded(6, rules=rules(waiting, rule("resolution.dissolve", seconders=2)))
    carried = world.submit()
    world.until_open(carried)
    world.vote(carried, yes=range(1, 7))
    world.until_closed(carried)
    gathering = world.submit(Resolve(narrowing="dissolve"))
    noticed = world.submit()
    steward = world.mandate()
    for number in (2, 3):
        world.ask(register.AttestSteward(coop=CoopId("c1"), steward=steward), world.c(number))
    before = {key: planned[0] for key, planned in world.state.schedule.items()}
    proposals = {one: proposal_of(world, one) for one in (carried, gathering, noticed)}
    restoration = world.state.restorations.get(CoopId("c1"))
    last = world.now
    world.now = later(last, 20 * DAY)
    go_on(world, world.entries)
    assert {key[0] for key in before} == {"enact", "lapse", "open_poll", "restore_steward"}
    assert {key: planned[0] for key, planned in world.state.schedule.items()} == {
        key: later(due, 20 * DAY) for key, due in before.items()
    }
    assert world.state.next_due == later(min(before.values()), 20 * DAY)
    assert proposal_of(world, carried).enact_at == later(str(proposals[carried].enact_at), 20 * DAY)  # type: ignore[arg-type]  # it is one
    assert proposal_of(world, gathering).support_until == later(proposals[gathering].support_until, 20 * DAY)
    assert proposal_of(world, noticed).notice_from == later(last, 20 * DAY)
    assert world.state.restorations.get(CoopId("c1")).due == later(restoration.due, 20 * DAY)
    # Support that comes now plans by the same deadlines.
    world.ask(propose.Support(proposal=gathering, role="seconder"), world.c(4))
    assert world.state.schedule.get(("lapse", gathering))[0] == later(before["lapse", gathering], 20 * DAY)
    assert first_illegal(world.records, world.blobs) is None


def test_what_is_over_and_the_day_of_a_review_stay_as_they_are() -> None:
    world = Founded(6)
    proposal = world.submit(Resolve(review=Day("2026-06-01")))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 7))
    world.until_closed(proposal)
    over, review = proposal_of(world, proposal), world.state.schedule.get(("review", proposal))
    world.now = later(world.now, 20 * DAY)
    go_on(world, world.entries)
    assert proposal_of(world, proposal) == over
    assert world.state.schedule.get(("review", proposal)) == review


def test_an_urgent_decision_has_as_long_as_before_to_be_ratified() -> None:
    urgent = rule("resolution.urgent", provisional=40 * DAY)
    world = Founded(6, rules=rules(urgent))
    text = world.text("At once.")
    asked = propose.Submit(effect=Resolve(narrowing="urgent"), text=text)
    proposal = world.ask(asked, world.officer).proposal
    before = str(proposal_of(world, proposal).provisional_until)
    world.now = later(world.now, 10 * DAY)
    go_on(world, world.entries)
    assert proposal_of(world, proposal).provisional_until == later(before, 10 * DAY)  # type: ignore[arg-type]  # it is one
