"""The rulebook: which rule holds on which matter, as data and in words, and what held before."""

from datetime import timedelta
from typing import Any, Final

from piccolo.querystring import QueryString

from app.services.reading.charter import VersionUnknown
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.canonical import decoder_for
from governance.errors import Refusal
from governance.ids import Matter, ProposalId
from governance.instants import Instant
from governance.matter import fallbacks
from governance.provisions import Provisions, Reading, reading_of
from governance.rule import Rule
from governance.rule_words import Difference, difference_words, duration_words, rule_words
from governance.value import Value

_RULE: Final = '"matter", "version", "rule", "since", "until"'
read_rule: Final = decoder_for(Rule)
_read_provisions: Final = decoder_for(Provisions)


class RuleUnknown(Refusal):
    """There is no rule on such a matter."""

    code = "rule_unknown"


class RuleView(Value):
    """A version of the rule on a matter, as data and in words, in force from `since` until `until`, or still."""

    matter: Matter
    version: int
    since: Instant
    until: Instant | None
    rule: Rule
    words: tuple[str, ...]


class RulesView(Value):
    """The rules in force, in order of matter. A matter without a rule of its own falls under the one above it."""

    items: tuple[RuleView, ...]


class RuleVersionView(Value):
    """A version of a rule, with what it changed in words from the one before."""

    rule: RuleView
    changed: tuple[Difference, ...]


class MatterView(Value):
    """How a matter is decided: the rule in force, the matter `of` which it is, and the versions of this matter's own rule.

    Versions are newest first. `of` is another matter than asked where this one has no rule of its own at that time.
    """

    matter: Matter
    of: Matter
    rule: RuleView
    versions: tuple[RuleVersionView, ...]


class ProvisionsView(Value):
    """The general provisions in one version, as data and in words. `reading` says who may read the log."""

    version: int
    since: Instant
    until: Instant | None
    proposal: ProposalId | None
    categories: tuple[str, ...]
    census: tuple[str, ...]
    contest_window: timedelta
    support_within: timedelta
    restoration_notice: timedelta
    reading: Reading
    words: tuple[str, ...]


async def list_rules(service: Service, at: str | None = None) -> RulesView:
    """The rules in force at an instant.

    Raises:
        NotAnInstant: `at` is no instant or day.
    """
    when = None if at is None else asked_instant(at)
    async with at_one_moment(service.engine) as run:
        return RulesView(items=tuple(await _in_force(run, when)))


async def read_matter(service: Service, matter: str, at: str | None = None) -> MatterView:
    """How a matter is decided at an instant, and the history of its own rule.

    Raises:
        RuleUnknown: there is none on it, nor on anything wider, now or then.
        NotAnInstant: `at` is no instant or day.
    """
    when = None if at is None else asked_instant(at)
    async with at_one_moment(service.engine) as run:
        found = {one.matter: one for one in await _in_force(run, when)}
        rows = await run(
            QueryString(f'SELECT {_RULE} FROM "rule" WHERE "matter" = {{}} ORDER BY "version"', matter)  # noqa: S608 - only our words
        )
    own = [rule_view(row) for row in rows]
    applying = next((found[wider] for wider in fallbacks(Matter(matter)) if wider in found), None)
    if applying is None:
        raise RuleUnknown(f"There is no rule on {matter[:80]!r}, nor on anything wider. `/api/v1/rules` lists them.")
    versions = [
        RuleVersionView(rule=one, changed=difference_words(before.rule, one.rule) if before is not None else ())
        for before, one in zip([None, *own], own, strict=False)
    ]
    return MatterView(matter=Matter(matter), of=applying.matter, rule=applying, versions=tuple(reversed(versions)))


async def read_provisions(service: Service, *, version: int | None = None, at: str | None = None) -> ProvisionsView:
    """The general provisions at present, in a version, or at an instant.

    Raises:
        VersionUnknown: there is no such version, or there were none yet.
        NotAnInstant: `at` is no instant or day.
    """
    when = None if at is None else asked_instant(at)
    async with at_one_moment(service.engine) as run:
        rows = await run(
            QueryString(
                'SELECT "version", "since", "proposal", "provisions", LEAD("since") OVER (ORDER BY "version") AS "until" '
                'FROM "provisions_version" ORDER BY "version" DESC'
            )
        )
    for row in rows:
        if (version is None or row["version"] == version) and (when is None or row["since"] <= when):
            return _provisions(row)
    raise VersionUnknown("The general provisions have no such version.")


async def rules_pinned(run: Run, versions: list[tuple[str, int]]) -> dict[tuple[str, int], RuleView]:
    """Some versions of rules, by matter and version."""
    found = {}
    for matter, version in versions:
        rows = await run(
            QueryString(f'SELECT {_RULE} FROM "rule" WHERE "matter" = {{}} AND "version" = {{}}', matter, version)  # noqa: S608 - only our words
        )
        found[matter, version] = rule_view(rows[0])
    return found


def rule_view(row: dict[str, Any]) -> RuleView:
    """A row of the table of rules."""
    rule = read_rule(row["rule"].encode())
    return RuleView(
        matter=row["matter"],
        version=row["version"],
        since=row["since"],
        until=row["until"],
        rule=rule,
        words=rule_words(rule),
    )


async def _in_force(run: Run, at: Instant | None) -> list[RuleView]:
    when, args = '"until" IS NULL', []
    if at is not None:
        when, args = '"since" <= {} AND ("until" IS NULL OR "until" > {})', [at, at]
    rows = await run(QueryString(f'SELECT {_RULE} FROM "rule" WHERE {when} ORDER BY "matter"', *args))  # noqa: S608 - only our words
    return [rule_view(row) for row in rows]


def _provisions(row: dict[str, Any]) -> ProvisionsView:
    said = _read_provisions(row["provisions"].encode())
    return ProvisionsView(
        version=row["version"],
        since=row["since"],
        until=row["until"],
        proposal=row["proposal"],
        categories=said.categories,
        census=said.census,
        contest_window=said.contest_window,
        support_within=said.support_within,
        restoration_notice=said.restoration_notice,
        reading=reading_of(said),
        words=_words(said),
    )


def _words(provisions: Provisions) -> tuple[str, ...]:
    census = ", ".join(provisions.census)
    counted = (
        f"on the census days ({census}, as month and day)" if census else "as soon as it can no longer be contested"
    )
    contest, support, notice = (
        duration_words(period)
        for period in (provisions.contest_window, provisions.support_within, provisions.restoration_notice)
    )
    return (
        f"A coop is a member in one of these categories: {', '.join(provisions.categories)}.",
        f"A number that a coop declares can be contested for {contest}, and begins to count {counted}.",
        f"A proposal has {support} to find its sponsors and seconders.",
        f"All coops are told {notice} before a coop gets a new steward in place of lost ones.",
    )
