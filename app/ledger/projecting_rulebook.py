"""Projections of the federation, its charter, its rules and its offices."""

import msgspec

from app.store.changes import Cell, Change, Patch, Put
from app.store.tables import CharterArticle, CharterVersion, Federation, Office, ProvisionsVersion, Rule
from governance.canonical import encode
from governance.facts.founding import ArticleFounded, FederationNamed, OfficeFounded, RuleFounded
from governance.facts.proposals import RuleVersion
from governance.ids import OfficeId, ProposalId
from governance.records import Record
from governance.state import State
from governance.value import Value


def federation(state: State, body: Value, record: Record) -> list[Change]:
    """The row of the federation as it is."""
    del body, record
    return federation_rows(state)


def federation_rows(state: State) -> list[Change]:
    """The row of the federation as it is."""
    row: dict[str, Cell] = {
        "id": 1,
        "origin": state.origin,
        "key": state.key,
        "name": state.name,
        "founded": int(state.founded),
        "founding": state.founding if state.founded else "",
        "ratified_by": state.ratified_by,
        "charter_version": state.charter.version,
        "provisions_version": state.provisions_version,
        "provisions": encode(state.provisions).decode(),
    }
    return [Put(table=Federation, row=row)]


def federation_named(state: State, body: FederationNamed, record: Record) -> list[Change]:
    """The row of the federation as it is, and its first general provisions."""
    del body
    return [*federation_rows(state), *provisions_rows(state, None, record)]


def provisions_rows(state: State, proposal: ProposalId | None, record: Record) -> list[Change]:
    """The general provisions' present version."""
    row: dict[str, Cell] = {
        "version": state.provisions_version,
        "since": record.at,
        "seq": record.seq,
        "proposal": proposal,
        "provisions": encode(state.provisions).decode(),
    }
    return [Put(table=ProvisionsVersion, row=row)]


def article_founded(state: State, body: ArticleFounded, record: Record) -> list[Change]:
    """The founding charter's new article."""
    del body
    return [_version(state, None, record), *_articles(state, len(state.charter.articles) - 1)]


def charter_rows(state: State, proposal: ProposalId, record: Record) -> list[Change]:
    """Every article of the charter's present version, which a proposal made."""
    return [*federation_rows(state), _version(state, proposal, record), *_articles(state, 0)]


def _version(state: State, proposal: ProposalId | None, record: Record) -> Put:
    row: dict[str, Cell] = {
        "version": state.charter.version,
        "since": record.at,
        "seq": record.seq,
        "proposal": proposal,
    }
    return Put(table=CharterVersion, row=row)


def _articles(state: State, start: int) -> list[Change]:
    version = state.charter.version
    changes: list[Change] = []
    for position, article in enumerate(state.charter.articles[start:], start):
        row: dict[str, Cell] = {
            "id": f"{version}/{article.id}",
            "version": version,
            "position": position,
            "article": article.id,
            "heading": article.content.heading,
            "section": article.content.section,
            "text": article.content.text,
            "base": article.base,
        }
        changes.append(Put(table=CharterArticle, row=row))
    return changes


def rule_founded(state: State, body: RuleFounded, record: Record) -> list[Change]:
    """The founding rulebook's new rule."""
    return rule_rows(state, RuleVersion(matter=body.rule.matter, version=1), record)


def rule_rows(state: State, changed: RuleVersion, record: Record) -> list[Change]:
    """The end of the version before, and the version that holds now, unless the rule was struck."""
    ended = Patch(table=Rule, where={"matter": changed.matter, "until": None}, values={"until": record.at})
    pinned = state.rules.get(changed.matter)
    if changed.version is None or pinned is None:
        return [ended]
    row: dict[str, Cell] = {
        "id": f"{pinned.matter}/{pinned.version}",
        "matter": pinned.matter,
        "version": pinned.version,
        "rule": encode(pinned.rule).decode(),
        "since": record.at,
        "until": None,
    }
    return [ended, Put(table=Rule, row=row)]


def office_founded(state: State, body: OfficeFounded, record: Record) -> list[Change]:
    """A founding office."""
    del record
    return office_rows(state, body.office.id)


def office_rows(state: State, office: OfficeId) -> list[Change]:
    """An office as it is."""
    found = state.offices.get(office)
    if found is None:
        raise KeyError(office)
    row: dict[str, Cell] = {
        "id": found.id,
        "title": found.title,
        "powers": encode(found.powers).decode(),
        "seats": found.seats,
        "term": None if found.term is None else msgspec.to_builtins(found.term),
    }
    return [Put(table=Office, row=row)]
