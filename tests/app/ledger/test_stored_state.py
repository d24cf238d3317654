import msgspec
import pytest

from app.ledger.stored_state import SCALARS, TABLES, StoredState, code, decode, encode, restore, store
from governance import state as states
from governance.federation import Federation
from governance.records import read_record
from tests.app.ledger.small_federation import Running
from tests.app.ledger.test_rebuilding import eventful
from tests.app.store.databases import ON_SQLITE

pytestmark = pytest.mark.anyio


def test_every_table_and_every_value_of_the_state_is_stored() -> None:
    assert sorted(TABLES) == sorted(states._TABLES)
    assert sorted(SCALARS) == sorted(states._SCALARS)


@ON_SQLITE
async def test_a_state_comes_back_as_it_was_at_every_entry_and_goes_on_as_if_it_had_never_been_stored(
    running: Running,
) -> None:
    await eventful(running)
    records = [read_record(row["bytes"]) for row in await running.rows("SELECT bytes FROM log_entry ORDER BY seq")]
    folded = Federation()
    seen: list[StoredState] = [store(folded.state)]
    for record in records:
        folded.apply(record)
        seen.append(store(folded.state))
    restored = Federation()
    for cut, stored in enumerate(seen):
        # One entry after the other, and stored and restored before each: what was lost once would be missing ever after.
        restored = Federation(restore(decode(encode(store(restored.state)))))
        assert store(restored.state) == stored
        assert [roll.hash for poll in restored.state.polls.values() for roll in (one.roll for one in poll.judged)] == [
            one.roll for judged in stored.judged.values() for one in judged
        ]
        if cut < len(records):
            restored.apply(records[cut])


def test_bytes_that_are_no_state_are_refused() -> None:
    stored = encode(store(Federation().state))
    for data in (b"", stored[:-1], stored + b"\x00", encode_other()):
        with pytest.raises(msgspec.MsgspecError):
            decode(data)


def encode_other() -> bytes:
    return msgspec.msgpack.encode({"size": 1})


def test_code_is_told_from_other_code() -> None:
    assert len(code()) == 64
    assert code() == code()
