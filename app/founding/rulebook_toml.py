"""The rulebook from TOML: decision rules, general provisions and offices, or every problem of the file at once.

`[[rule]]` has the fields of `governance.rule.Rule`, `[[office]]` those of `governance.mandate.Office` and `[provisions]` those
of `governance.provisions.Provisions`. A rule that does not say who is `entitled` means the full members in good standing.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeVar

import msgspec

from app.founding.problems import FoundingFileRefused
from app.founding.tables import Reading, Table, shown, within
from governance.charter import check_article_id
from governance.errors import Refusal
from governance.ids import ArticleId, Matter
from governance.mandate import Office, check_office
from governance.matter import is_matter
from governance.provisions import Provisions, ProvisionsInvalid, check_provisions
from governance.requirement import Requirement, check_majority, check_quorum
from governance.rule import Rule, check_built, check_rule
from governance.rulebook import MatterUnknown
from governance.value import Value

T = TypeVar("T", bound=msgspec.Struct)
_KEYS: Final = ("provisions", "rule", "office")
_SHOWN: Final = 60
_ARTICLE: Final = "charter.article."


class Rulebook(Value, frozen=True):
    """Provisions, rules and offices, as a file has them, in its order."""

    provisions: Provisions = Provisions()
    rules: tuple[Rule, ...] = ()
    offices: tuple[Office, ...] = ()


def read_rulebook(data: bytes, file: str = "rulebook.toml", *, built: bool = True) -> Rulebook:
    """The rulebook that a TOML file holds. Not `built`: also rules that this version describes and cannot carry out yet.

    Raises:
        FoundingFileRefused: with every problem that the file has.
    """
    reading = Reading(file)
    rulebook = take_rulebook(reading, data)
    check_all_rules(reading, rulebook.rules, rulebook.provisions, built=built)
    if reading.problems:
        raise FoundingFileRefused(file, reading.problems)
    return rulebook


def take_rulebook(reading: Reading, data: bytes) -> Rulebook:
    """The parts of a rulebook that can be read, each well-formed in itself; what is wrong is noted."""
    table = reading.parse(data)
    reading.known_keys(None, table, _KEYS)
    return Rulebook(
        provisions=take_provisions(reading, table, Provisions()),
        rules=take_rules(reading, table),
        offices=take_offices(reading, table),
    )


def take_provisions(reading: Reading, table: Table, base: Provisions) -> Provisions:
    """The `[provisions]` of a file over others, which hold where it is silent."""
    if "provisions" not in table:
        return base
    provisions = reading.struct("provisions", table["provisions"], Provisions, base)
    if provisions is None:
        return base
    try:
        check_provisions(provisions)
    except ProvisionsInvalid as refusal:
        reading.refuse("provisions", refusal.code, refusal.detail)
    return provisions


def take_rules(reading: Reading, table: Table) -> tuple[Rule, ...]:
    """The `[[rule]]` tables of a file. One matter has one rule."""
    rules = take_each(reading, table, "rule", ("rule on", "matter"), Rule, {"entitled": {}})
    _check_once(
        reading, [(f"rule on {shown(rule.matter)}", rule.matter) for rule in rules], "rule_twice", "There are two rules"
    )
    return rules


def take_offices(reading: Reading, table: Table) -> tuple[Office, ...]:
    """The `[[office]]` tables of a file."""
    offices = take_each(reading, table, "office", ("office", "id"), Office, {})
    check_offices(reading, offices)
    return offices


def take_each(
    reading: Reading, table: Table, key: str, named: tuple[str, str], of: type[T], defaults: Table
) -> tuple[T, ...]:
    """The tables under `[[key]]`. A place names each by the field `named[1]`, or by its number where that is missing."""
    listed = table.get(key, [])
    if not isinstance(listed, list):
        reading.refuse(key, "value_type_wrong", f"Write each {key} under a line [[{key}]], in double brackets.")
        return ()
    made = []
    for number, each in enumerate(listed, 1):
        name = each.get(named[1]) if isinstance(each, dict) else None
        place = f"{named[0]} {shown(name)}" if isinstance(name, str) else f"{key} {number}"
        made.append(reading.struct(place, {**defaults, **each} if isinstance(each, dict) else each, of))
    return tuple(each for each in made if each is not None)


def check_offices(reading: Reading, offices: tuple[Office, ...]) -> None:
    """Note what `check_office` refuses, and offices that are there twice."""
    for office in offices:
        place = f"office {shown(office.id)}"
        for refusal in _refusals(partial(check_office, office)):
            reading.refuse(place, refusal.code, refusal.detail)
    _check_once(reading, [(f"office {shown(each.id)}", each.id) for each in offices], "office_twice", "There are two")


def check_all_rules(
    reading: Reading,
    rules: tuple[Rule, ...],
    provisions: Provisions,
    articles: tuple[ArticleId, ...] | None = None,
    *,
    built: bool = True,
) -> None:
    """Note what is wrong with each rule by itself. `articles` of the charter, where it is known, can have their own rules."""
    for rule in rules:
        place = f"rule on {shown(rule.matter)}"
        if not is_matter(rule.matter, provisions.categories, articles if articles is not None else _named(rule.matter)):
            reading.refuse(
                within(place, "matter"),
                MatterUnknown.code,
                f"Nothing that is decided here falls under {rule.matter[:_SHOWN]!r}. See the list of matters; an "
                "admission is narrowed by a category, the charter by an article's id.",
            )
        before = len(reading.problems)
        for where, refusal in _in_parts(rule):
            reading.refuse(within(place, where), refusal.code, refusal.detail)
        if len(reading.problems) == before:
            for refusal in _refusals(partial(check_rule, rule, provisions)):
                reading.refuse(place, refusal.code, refusal.detail)
        if built:
            for refusal in _refusals(partial(check_built, rule)):
                reading.refuse(place, refusal.code, refusal.detail)


def _named(matter: Matter) -> tuple[ArticleId, ...]:
    """The article that a matter names, as if the charter had it, if there could be one."""
    article = ArticleId(matter.removeprefix(_ARTICLE))
    return () if any(_refusals(partial(check_article_id, article))) else (article,)


def _in_parts(rule: Rule) -> Iterator[tuple[str, Refusal]]:
    """What is refused of each requirement alone, with its place in the rule."""
    assembly = rule.assembled
    quorums = [(f"calls {number}, quorum", call.quorum) for number, call in enumerate(rule.calls, 1)]
    majorities = [("majority", rule.majority)]
    if rule.confirmation is not None:
        quorums.append(("confirmation, quorum", rule.confirmation.quorum))
        majorities.append(("confirmation, majority", rule.confirmation.majority))
    for where, quorum in quorums:
        yield from _each(where, quorum, lambda one: check_quorum([one], assembly=assembly))
    for where, majority in majorities:
        yield from _each(where, majority, lambda one: check_majority([one], blocks=rule.blocks, assembly=assembly))


def _each(
    where: str, requirements: tuple[Requirement, ...], check: Callable[[Requirement], None]
) -> Iterator[tuple[str, Refusal]]:
    for number, requirement in enumerate(requirements, 1):
        for refusal in _refusals(partial(check, requirement)):
            yield f"{where} {number}", refusal


def _refusals(check: Callable[[], None]) -> Iterator[Refusal]:
    """The refusal that a check raises, or nothing."""
    try:
        check()
    except Refusal as refusal:
        yield refusal


def _check_once(reading: Reading, named: list[tuple[str, str]], code: str, said: str) -> None:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            reading.refuse(place, code, f"{said} with this name. Keep one of them.")
        seen.add(name)
