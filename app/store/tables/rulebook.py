"""Projections of the federation itself, its charter and its rulebook, by version."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Federation(Table, tablename="federation"):
    """One row: the federation as it is. `founding` is the digest to ratify, `ratified_by` the proposal that did."""

    id = BigInt(primary_key=True)
    origin = Text()
    key = Text()
    name = Text()
    founded = BigInt()
    founding = Text()
    ratified_by = Text(null=True, default=None)
    charter_version = BigInt()
    provisions_version = BigInt()
    provisions = Text()


class LogContinuation(Table, tablename="log_continuation"):
    """That the log went on after a loss, with the entry `seq`; `signed` entries are known to have been signed before."""

    seq = BigInt(primary_key=True)
    at = Text()
    origin = Text()
    key = Text()
    origin_before = Text()
    key_before = Text()
    signed = BigInt()


class Office(Table, tablename="office"):
    """An office as it is now. `powers` is a JSON list, `term` an ISO 8601 duration."""

    id = Text(primary_key=True)
    title = Text()
    powers = Text()
    seats = BigInt()
    term = Text(null=True, default=None)


class CharterArticle(Table, tablename="charter_article"):
    """An article in one version of the charter, at its place from 0."""

    id = Text(primary_key=True)
    version = BigInt(index=True)
    position = BigInt()
    article = Text()
    heading = Text()
    section = Text(null=True, default=None)
    text = Text()
    base = Text()


class Rule(Table, tablename="rule"):
    """A version of the rule on a matter, in force from `since` until `until`; `rule` is its canonical JSON."""

    id = Text(primary_key=True)
    matter = Text(index=True)
    version = BigInt()
    rule = Text()
    since = Text()
    until = Text(null=True, default=None)
