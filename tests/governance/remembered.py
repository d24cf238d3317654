"""Holding the register's memory to the log: what it says of an earlier instant is what a replay up to then gives."""

from collections.abc import Iterable

from governance.federation import Federation
from governance.ids import CoopId
from governance.instants import Instant, later
from governance.records import Record
from governance.register import Coop, as_of, counted, register_as_of
from governance.state import State
from tests.governance.acting import SECOND

Register = dict[CoopId, Coop]


def replayed(records: Iterable[Record]) -> dict[Instant, Register]:
    """The register after the last record of each instant, from folding the log."""
    federation, found = Federation(), {}
    for record in records:
        federation.apply(record)
        found[record.at] = dict(federation.state.coops.items())
    return found


def instants(registers: dict[Instant, Register], state: State) -> list[Instant]:
    """Every instant at which the register could have become another, and those just before and after."""
    counting = {
        one.counts_from for coop in state.coops.values() for declared in coop.facts.values() for one in declared
    }
    each = {*registers, *(at for at in counting if at <= state.at)}
    return sorted({later(at, by) for at in each for by in (-SECOND, 0 * SECOND, SECOND)})


def check_remembered(records: Iterable[Record], state: State) -> None:
    """Compare, at every instant that matters, the register remembered with the register replayed."""
    registers = replayed(records)
    for at in instants(registers, state):
        past = max((then for then in registers if then <= at), default=None)
        expected = registers[past] if past is not None else {}
        remembered = register_as_of(state.coops.values(), at)
        assert remembered == register_as_of(expected.values(), at)
        assert [coop.id for coop in remembered] == list(expected)
        for coop in remembered:
            check_same(coop, expected[coop.id], at)
            now = state.coops.get(coop.id)
            assert now is not None
            assert as_of(as_of(now, state.at) or now, at) == coop, "remembering what is remembered is remembering"


def check_same(remembered: Coop, then: Coop, at: Instant) -> None:
    """Everything that was said of a coop, and every number that counted."""
    for name in Coop.__struct_fields__:
        if name != "facts":
            assert getattr(remembered, name) == getattr(then, name), name
    for fact in {*remembered.facts, *then.facts}:
        assert counted(remembered, fact, at) == counted(then, fact, at), fact
