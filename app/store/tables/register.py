"""Projections of the register."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Coop(Table, tablename="coop"):
    """A coop. `services` is a JSON list; `good_standing` is 0 or 1; `seq` the entry that changed it last."""

    id = Text(primary_key=True)
    number = BigInt(index=True)
    name = Text()
    country = Text()
    category = Text()
    status = Text(index=True)
    since = Text()
    member_since = Text()
    good_standing = BigInt()
    services = Text()
    seq = BigInt()


class CoopChange(Table, tablename="coop_change"):
    """What the register says of a coop, its numbers aside, from the entry `seq` at `at` on, until its next row.

    A coop as it stood at an instant is its last row by `seq` with `at` at or before it; without one, it was not there yet.
    """

    id = Text(primary_key=True)
    coop = Text(index=True)
    seq = BigInt()
    at = Text()
    name = Text()
    country = Text()
    category = Text()
    status = Text()
    since = Text()
    member_since = Text()
    good_standing = BigInt()
    services = Text()


class CoopFact(Table, tablename="coop_fact"):
    """A number that a coop declared, or that a vote settled: exact text, and from when it counts unless contested."""

    id = Text(primary_key=True)
    coop = Text(index=True)
    fact = Text()
    position = BigInt()
    number = Text()
    declared = Text()
    counts_from = Text()
    contested_by = Text(null=True, default=None)


class Mandate(Table, tablename="mandate"):
    """A mandate, of a coop or for an office."""

    id = Text(primary_key=True)
    role = Text()
    coop = Text(null=True, default=None, index=True)
    office = Text(null=True, default=None, index=True)
    starts = Text()
    ends = Text(null=True, default=None)
