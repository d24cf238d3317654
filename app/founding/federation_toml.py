"""The founding of a federation from its folder: the founding file in TOML, the charter, the coops and the rulebook.

```toml
name = "Our federation"
origin = "our-federation.example/log"
charter = "charter.md"      # this and the next as here, if left out
coops = "coops.csv"
rulebook = "default"        # the one that comes with the service, or a file such as "rulebook.toml"

[[office]]
id = "secretary"
title = "Secretary"
powers = ["record_standing"]
holders = ["somebody@example.org"]
```

Rules, offices and provisions in the founding file stand in place of those of the rulebook for the same matter, id or
name. All files are checked together, and every problem of all of them is reported at once.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from app.founding.charter_md import FoundingCharter, read_charter
from app.founding.coops_csv import CoopsTable, read_coops
from app.founding.folder import Folder
from app.founding.offices import take_offices_held
from app.founding.problems import FoundingFileRefused, Problem
from app.founding.rulebook_toml import Rulebook, check_all_rules, take_provisions, take_rulebook, take_rules
from app.founding.tables import Reading, Table
from app.founding.trial import lock_outs, misfits
from governance.ids import OfficeId
from governance.instants import Instant
from governance.mandate import Office
from governance.matter import KINDS
from governance.names import NameRefused, check_name
from governance.provisions import Provisions
from governance.rule import Rule
from governance.value import Value

T = TypeVar("T")
FILE: Final = "federation.toml"
DEFAULT: Final = "default"
_KEYS: Final = ("name", "origin", "charter", "coops", "rulebook", "provisions", "rule", "office")
_SHOWN: Final = 60
_LONGEST_ORIGIN: Final = 120
_LABEL: Final = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"({_LABEL}(\.{_LABEL})+|localhost)(:[0-9]{{1,5}})?(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", re.ASCII)


class Founding(Value, frozen=True):
    """Everything that a federation is founded from, checked. `holders` are addresses by office: never for the log."""

    name: str
    origin: str
    provisions: Provisions
    rules: tuple[Rule, ...]
    offices: tuple[Office, ...]
    holders: dict[OfficeId, tuple[str, ...]]
    charter: FoundingCharter
    coops: CoopsTable

    def __repr__(self) -> str:
        """Without holders and contacts, so that no traceback or log line shows them."""
        return f"Founding(name={self.name!r}, origin={self.origin!r})"


def read_founding(path: Path, at: Instant) -> Founding:
    """The founding that a folder, or the founding file in it, describes, if a federation can be founded so at an instant.

    Raises:
        FoundingFileRefused: with every problem of every file.
    """
    file = path / FILE if path.is_dir() else path
    reading = _FoundingReading(file, at)
    founding = reading.read()
    if reading.problems or founding is None:
        raise FoundingFileRefused("The founding", reading.problems)
    return founding


def default_rulebook() -> bytes:
    """The rulebook that comes with the service, as TOML."""
    return (files("app.founding.presets") / "default.toml").read_bytes()


class _FoundingReading:
    """The pass over a founding file and the files it names."""

    def __init__(self, file: Path, at: Instant) -> None:
        self.at = at
        self.file = file.name
        self.folder = Folder(file.parent)
        self.own = Reading(file.name)
        self.named = Reading("default rulebook")
        self.others: list[Problem] = []

    @property
    def problems(self) -> list[Problem]:
        """Those of the founding file, of the rulebook it names, and of the other files, in this order."""
        return [*self.own.problems, *self.named.problems, *self.others]

    def read(self) -> Founding | None:
        """The founding, which counts only if there are no problems."""
        data = self.folder.bytes_of(self.own, None, self.file)
        table = self.own.parse(data) if data is not None else {}
        if self.own.problems:
            return None
        self.own.known_keys(None, table, _KEYS)
        name = self.name(table)
        origin = self.origin(table)
        charter = self.parsed(table, "charter", "charter.md", read_charter)
        coops = self.parsed(table, "coops", "coops.csv", read_coops)
        rulebook, holders = self.ruled(table, self.rulebook(table), charter)
        if coops is not None and not self.named.problems:
            self.fit(table, coops, rulebook)
        if name is None or origin is None or charter is None or coops is None or self.problems:
            return None
        for rule, refusal in lock_outs(rulebook.rules, rulebook.provisions, charter, coops.coops, self.at):
            self.own.refuse(f"rule on {rule.matter}", refusal.code, refusal.detail)
        return Founding(
            name=name,
            origin=origin,
            provisions=rulebook.provisions,
            rules=rulebook.rules,
            offices=rulebook.offices,
            holders=holders,
            charter=charter,
            coops=coops,
        )

    def name(self, table: Table) -> str | None:
        """The federation's name, tidied as names are."""
        text = self.own.text(table, "name")
        try:
            return None if text is None else check_name(text)
        except NameRefused as refusal:
            self.own.refuse("name", refusal.code, refusal.detail)
            return None

    def origin(self, table: Table) -> str | None:
        """The log's origin: an address without scheme, at most 120 characters long."""
        text = self.own.text(table, "origin")
        if text is None or (len(text) <= _LONGEST_ORIGIN and _ORIGIN.fullmatch(text)):
            return text
        self.own.refuse(
            "origin",
            "origin_bad",
            f"{text[:_SHOWN]!r} cannot name a log. Write an address that is yours, in lower case and without https://, such "
            "as our-federation.example/log.",
        )
        return None

    def parsed(self, table: Table, key: str, default: str, parse: Callable[[bytes, str], T]) -> T | None:
        """What a file that the founding file names holds."""
        file = self.own.text(table, key, default)
        data = None if file is None else self.folder.bytes_of(self.own, key, file)
        try:
            return None if data is None or file is None else parse(data, file)
        except FoundingFileRefused as refused:
            self.others += refused.problems
            return None

    def rulebook(self, table: Table) -> Rulebook:
        """The rulebook that the founding file builds on: none, the default one, or a file."""
        named = self.own.text(table, "rulebook", "")
        if not named:
            return Rulebook()
        if named == DEFAULT:
            return take_rulebook(self.named, default_rulebook())
        if not named.endswith(".toml"):
            self.own.refuse(
                "rulebook",
                "rulebook_unknown",
                f"There is no rulebook {named[:_SHOWN]!r}. Write {DEFAULT!r}, or the name of a file that ends in .toml.",
            )
            return Rulebook()
        self.named = Reading(named)
        data = self.folder.bytes_of(self.own, "rulebook", named)
        return Rulebook() if data is None else take_rulebook(self.named, data)

    def ruled(
        self, table: Table, base: Rulebook, charter: FoundingCharter | None
    ) -> tuple[Rulebook, dict[OfficeId, tuple[str, ...]]]:
        """The rulebook with what the founding file puts in place of its parts, and the offices' holders."""
        provisions = take_provisions(self.own, table, base.provisions)
        own = take_rules(self.own, table)
        kept = tuple(rule for rule in base.rules if rule.matter not in {rule.matter for rule in own})
        articles = None if charter is None else tuple(article.id for article in charter.articles)
        check_all_rules(self.own, own, provisions, articles)
        check_all_rules(self.named, kept, provisions, articles)
        offices, holders = take_offices_held(self.own, table)
        taken = {office.id for office in offices}
        offices = (*(office for office in base.offices if office.id not in taken), *offices)
        return Rulebook(provisions=provisions, rules=(*kept, *own), offices=offices), holders

    def fit(self, table: Table, coops: CoopsTable, rulebook: Rulebook) -> None:
        """Refuse parts that are missing, or do not fit each other."""
        written = [each.get("matter") for each in _tables(table, "rule")]
        for kind in KINDS:
            if kind not in written and all(rule.matter != kind for rule in rulebook.rules):
                self.own.refuse(
                    None,
                    "rule_missing",
                    f'There is no rule on {kind}, and every kind of proposal needs one. Add it, or write rulebook = "{DEFAULT}".',
                )
        for column, code, detail in misfits(coops.coops, rulebook.provisions, self.at):
            file = str(table.get("coops", "coops.csv"))
            self.others.append(Problem(file=file, row=None, column=column, code=code, detail=detail))


def _tables(table: Table, key: str) -> list[Table]:
    listed = table.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
