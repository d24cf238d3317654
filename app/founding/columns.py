"""The headings of a table of coops, in English or Spanish, in any case and spacing."""

import re
import unicodedata
from typing import Final, Literal

from governance.ids import SLUG_PATTERN
from governance.register import COOPERATORS
from governance.value import Value

Heading = Literal["name", "country", "cooperators", "services", "category", "since", "contact"]

_WORDS: Final[dict[str, Heading]] = {
    "name": "name",
    "coop": "name",
    "coop name": "name",
    "cooperative": "name",
    "nombre": "name",
    "cooperativa": "name",
    "country": "country",
    "country code": "country",
    "pais": "country",
    "cooperators": "cooperators",
    "members": "cooperators",
    "worker members": "cooperators",
    "asociadas": "cooperators",
    "asociados": "cooperators",
    "socias": "cooperators",
    "socios": "cooperators",
    "services": "services",
    "servicios": "services",
    "category": "category",
    "categoria": "category",
    "since": "since",
    "member since": "since",
    "desde": "since",
    "contact": "contact",
    "email": "contact",
    "e mail": "contact",
    "contacto": "contact",
    "correo": "contact",
    "correo electronico": "contact",
}
_FACT: Final = "fact:"


class Column(Value, frozen=True):
    """A column that is read: its place from 0, what it holds, and the fact it gives if it holds another number."""

    at: int
    holds: Heading | Literal["fact"]
    fact: str = ""

    @property
    def title(self) -> str:
        """What problems call the column."""
        return f"{_FACT}{self.fact}" if self.holds == "fact" else self.holds


def plain_heading(cell: str) -> str:
    """A heading without case, accents, and differences between spaces, hyphens and underscores."""
    folded = unicodedata.normalize("NFKD", cell.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.sub(r"[\s_-]+", " ", bare).strip(" :")


def column_of(at: int, cell: str) -> Column | None:
    """The column that a heading announces, None for one that is not read.

    A heading `fact:dues` announces a number; its name has lower-case letters, digits and hyphens.
    """
    if cell.casefold().startswith(_FACT):
        fact = plain_heading(cell.casefold().removeprefix(_FACT)).replace(" ", "-")
        return Column(at=at, holds="fact", fact=fact)
    holds = _WORDS.get(plain_heading(cell))
    return None if holds is None else Column(at=at, holds=holds)


def fact_name_holds(fact: str) -> bool:
    """Whether a number can be registered under this name."""
    return fact != COOPERATORS and re.fullmatch(SLUG_PATTERN, fact) is not None


def known(row: tuple[str, ...]) -> int:
    """How many of a row's cells are headings that are read."""
    return sum(column_of(at, cell) is not None for at, cell in enumerate(row))
