"""Another key that signs the log: who may say so, and how long the one before signs as well."""

from datetime import timedelta
from typing import Any

import pytest

from governance.commands.rotating import RotateKey
from governance.deciding.authority import NotFounded
from governance.errors import RochdaleError
from governance.federation import Federation
from governance.ids import FEDERATION, OPERATOR, MandateId
from governance.instants import later
from governance.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from governance.log.keys import KeyType, SigningKey, format_verifier_key
from governance.log.rotation import open_rotation, sign_rotation
from tests.governance import lost
from tests.governance.acting import refused
from tests.governance.forging import first_illegal
from tests.governance.turned import SECOND, SECOND_TEXT, THIRD, THIRD_TEXT, agreed, head, rotated_world, turn
from tests.governance.world import DAY, KEY, ORIGIN, START, Founded

KEY_TEXT = format_verifier_key(KEY.verifier_key)
MICROSECOND = timedelta(microseconds=1)


def refusal(world: Founded, **changes: Any) -> str:
    """The code with which it is refused that another key signs."""
    with pytest.raises(RochdaleError) as caught:
        turn(world, **changes)
    return caught.value.code


def test_another_key_signs_and_nothing_else_changes() -> None:
    world = Founded(6)
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.vote(proposal, yes=[1, 2])
    size, due, polls = world.state.size, world.state.next_due, list(world.state.polls.items())
    fact = turn(world)
    (told,) = world.state.rotations
    assert (told.seq, told.at, told.key, told.key_before) == (size, world.now, fact.key, KEY_TEXT)
    assert (world.state.origin, world.state.key) == (ORIGIN, SECOND_TEXT)
    assert (world.state.next_due, list(world.state.polls.items())) == (due, polls)
    for number in (3, 4, 5):
        world.cast(poll, number)
    assert world.until_closed(proposal).status == "carried"
    assert first_illegal(world.records, world.blobs) is None


def test_the_key_before_signs_as_well_for_thirty_days_of_the_log() -> None:
    world = Founded(3)
    assert world.state.key_besides is None
    turn(world)
    (told,) = world.state.rotations
    assert told.window_until == later(told.at, 30 * DAY)
    assert world.state.key_besides == KEY_TEXT
    world.now = later(told.window_until, -MICROSECOND)
    world.submit()
    assert world.state.key_besides == KEY_TEXT
    world.now = told.window_until
    world.submit()
    assert world.state.key_besides is None


def test_a_key_is_replaced_again_and_none_comes_back() -> None:
    world = rotated_world()
    assert refusal(world, before=SECOND, after=KEY) == "rotation_invalid"
    turn(world, SECOND, THIRD)
    assert (world.state.key, world.state.key_besides) == (THIRD_TEXT, SECOND_TEXT)
    assert refusal(world, before=THIRD, after=SECOND) == "rotation_invalid"
    assert refusal(world, before=THIRD, after=THIRD) == "rotation_invalid"
    assert first_illegal(world.records, world.blobs) is None


def test_a_log_that_went_on_after_a_loss_can_have_another_key_and_the_other_way_round() -> None:
    world = Founded(3)
    turn(world)
    lost.go_on(world, world.entries, before=SECOND)
    assert world.state.key_besides is None
    same = SigningKey(name=lost.AFTER.verifier_key.name, seed=bytes(32))
    old = SigningKey(name=lost.AFTER.verifier_key.name, seed=bytes(range(32)))
    assert refusal(world, before=lost.AFTER, after=old) == "rotation_invalid"
    turn(world, lost.AFTER, same)
    assert world.state.origin == lost.AFTER.verifier_key.name
    assert first_illegal(world.records, world.blobs) is None


def test_only_the_operator_replaces_the_key() -> None:
    world = Founded(3)
    for actor in (FEDERATION, world.c(1), world.officer, MandateId("m-" + "e" * 32)):
        assert refusal(world, actor=actor) == "no_mandate"


def test_what_was_not_founded_is_founded_with_another_key() -> None:
    with pytest.raises(NotFounded):
        Federation().decide(RotateKey(key=SECOND_TEXT, agreed=agreed([])), actor=OPERATOR, at=START)


def test_both_keys_have_to_name_each_other_over_exactly_the_entries_before() -> None:
    world = Founded(3)
    plain = head(world.entries)
    assert refusal(world, agreed=sign_checkpoint(plain, KEY).decode()) == "note_unsigned"
    assert refusal(world, agreed=sign_checkpoint(plain, SECOND).decode()) == "note_unsigned"
    assert refusal(world, agreed=agreed(world.entries[:-1])) == "rotation_invalid"
    assert refusal(world, agreed=agreed([*world.entries, b"{}"])) == "rotation_invalid"
    assert refusal(world, agreed=agreed(world.entries, KEY, THIRD)) == "note_unsigned"
    assert refusal(world, agreed=agreed(world.entries, SECOND, KEY)) == "rotation_invalid"
    assert refusal(world, agreed=lost.last_word(world.entries)) == "note_unsigned"
    assert refusal(world, agreed="nothing") == "note_invalid"
    assert not world.state.rotations


@pytest.mark.parametrize(
    ("after", "changes", "code"),
    [
        (SECOND, {"key": "other.example"}, "verifier_key_invalid"),
        (SECOND, {"key": KEY_TEXT}, "rotation_invalid"),
        (SECOND, {"key": THIRD_TEXT}, "note_unsigned"),
    ],
)
def test_the_key_is_a_new_one(after: SigningKey, changes: dict[str, str], code: str) -> None:
    assert refusal(Founded(3), after=after, **changes) == code


def test_the_key_has_the_logs_name_and_signs_logs() -> None:
    other = SigningKey(name="other.example", seed=bytes(32))
    witness = SigningKey(name=ORIGIN, seed=bytes(32), kind=KeyType.WITNESS)
    for key, code in ((other, "rotation_invalid"), (witness, "key_type_wrong")):
        assert refusal(Founded(3), key=format_verifier_key(key.verifier_key)) == code


def test_what_is_due_comes_first() -> None:
    world = Founded(6)
    world.submit()
    world.now = later(world.now, 30 * DAY)
    with refused("steps_overdue"):
        world.federation.decide(RotateKey(key=SECOND_TEXT, agreed=agreed(world.entries)), actor=OPERATOR, at=world.now)


def test_a_false_signature_of_either_key_is_refused() -> None:
    world = Founded(3)
    stranger = SigningKey(name=ORIGIN, seed=bytes(32))
    assert refusal(world, agreed=agreed(world.entries, stranger, SECOND)) == "note_unsigned"
    whole = agreed(world.entries).splitlines(keepends=True)
    for at in (-1, -2):
        broken = list(whole)
        broken[at] = broken[at][:-10] + ("A" if broken[at][-10] != "A" else "B") + broken[at][-9:]
        assert refusal(world, agreed="".join(broken)) in {"signature_false", "signature_not_canonical"}


def test_what_both_sign_is_read_back_and_is_no_other_rotations() -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=7, root=bytes(32))
    note = sign_rotation(checkpoint, KEY, SECOND)
    opened = open_rotation(note, KEY.verifier_key, SECOND.verifier_key)
    assert opened is not None
    assert (opened.size, opened.root) == (7, bytes(32))
    assert open_rotation(note, SECOND.verifier_key, KEY.verifier_key) is None
    assert open_checkpoint(note, KEY.verifier_key).checkpoint == open_checkpoint(note, SECOND.verifier_key).checkpoint
