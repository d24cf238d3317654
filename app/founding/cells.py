"""One cell of the table of coops into the value that its column holds."""

import re
from datetime import date
from fractions import Fraction
from typing import Final

from app.founding.countries import COUNTRIES
from app.founding.problems import CellRefused
from governance.errors import Refusal
from governance.ids import SLUG_PATTERN
from governance.names import Name, NameRefused, check_name
from governance.register import check_number, check_services

DEFAULT_CATEGORY: Final = "full"
MOST_COOPERATORS: Final = 10**7
_LONGEST_CATEGORY: Final = 40
_LONGEST_ADDRESS: Final = 254
_SHOWN: Final = 40
# As spreadsheets write 12,000 in one country or another; the spaces are the plain, no-break and narrow ones.
_GROUPED = re.compile(r"[0-9]{1,3}([.,'’\u0020\u00a0\u202f][0-9]{3})+")  # noqa: RUF001 - the Swiss write it so
_WITH_DECIMALS = re.compile(r"[0-9]+[.,][0-9]+")
_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,15}|/[1-9][0-9]{0,14})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def name(cell: str) -> Name:
    """A coop's name, tidied.

    Raises:
        CellRefused: with the code of the name's own refusal, such as `name_empty` or `name_mixed_scripts`.
    """
    try:
        return check_name(cell)
    except NameRefused as refusal:
        raise CellRefused(refusal.code, refusal.detail) from refusal


def country(cell: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals.

    Raises:
        CellRefused: `country_missing` or `country_unknown`.
    """
    if not cell:
        raise CellRefused("country_missing", "There is no country. Write its two-letter code, such as AR.")
    if cell.upper() not in COUNTRIES:
        raise CellRefused(
            "country_unknown",
            f"{cell[:_SHOWN]!r} is no country code. Write the two letters of ISO 3166-1, such as AR or ES.",
        )
    return cell.upper()


def cooperators(cell: str) -> int:
    """A whole number of people from 1 to 10,000,000, in plain digits.

    Raises:
        CellRefused: `cooperators_missing`, `_zero`, `_negative`, `_grouped`, `_decimal`, `_not_a_number` or `_absurd`.
    """
    shown = repr(cell[:_SHOWN])
    if not cell:
        raise CellRefused("cooperators_missing", "There is no number. Write how many worker-members the coop has.")
    if re.fullmatch(r"[-\u2212] ?[0-9].*", cell):
        raise CellRefused("cooperators_negative", f"{shown} is negative. Write how many worker-members the coop has.")
    if _GROUPED.fullmatch(cell):
        raise CellRefused("cooperators_grouped", f"{shown} has a thousands separator. Write the digits only: 1200.")
    if _WITH_DECIMALS.fullmatch(cell):
        raise CellRefused("cooperators_decimal", f"{shown} is not a whole number. Write how many people there are.")
    if not (cell.isascii() and cell.isdigit()):
        raise CellRefused("cooperators_not_a_number", f"{shown} is not a number. Write digits only, such as 12.")
    digits = cell.lstrip("0")
    if not digits:
        raise CellRefused("cooperators_zero", "A coop has at least one worker-member. Write how many it has.")
    if len(digits) > len(str(MOST_COOPERATORS)) or int(digits) > MOST_COOPERATORS:
        raise CellRefused("cooperators_absurd", f"{shown} is more than 10,000,000 people. Check the number.")
    return int(digits)


def category(cell: str) -> str:
    """A category such as `full` or `associate`, in lower case with hyphens for spaces; `full` if the cell is empty.

    Raises:
        CellRefused: `category_bad`.
    """
    name = "-".join(cell.casefold().split()) or DEFAULT_CATEGORY
    if len(name) > _LONGEST_CATEGORY or not re.fullmatch(SLUG_PATTERN, name):
        raise CellRefused(
            "category_bad",
            f"{cell[:_SHOWN]!r} is no category. Use plain letters, digits and hyphens, as in the rulebook.",
        )
    return name


def services(cell: str) -> tuple[str, ...]:
    """Services separated by commas, semicolons, bars or line breaks; one named twice counts once.

    Raises:
        CellRefused: `services_bad`.
    """
    names: dict[str, str] = {}
    for part in re.split(r"[,;|\r\n]", cell):
        if tidy := " ".join(part.split()):
            names.setdefault(tidy.casefold(), tidy)
    found = tuple(names.values())
    try:
        check_services(found)
    except Refusal as refusal:
        raise CellRefused("services_bad", refusal.detail) from refusal
    return found


def since(cell: str) -> date | None:
    """A day as `2024-03-01`, None if the cell is empty.

    Raises:
        CellRefused: `date_bad`, also for days such as 01/03/2024, which mean two things in two countries.
    """
    if not cell:
        return None
    try:
        return date.fromisoformat(cell if _DAY.fullmatch(cell) else "")
    except ValueError as error:
        raise CellRefused(
            "date_bad", f"{cell[:_SHOWN]!r} is not a day. Write year, month and day as in 2024-03-01."
        ) from error


def contact(cell: str) -> str | None:
    """An e-mail address, None if the cell is empty. It is personal data: no message repeats it.

    Raises:
        CellRefused: `contact_bad`.
    """
    if not cell:
        return None
    if len(cell) > _LONGEST_ADDRESS or not cell.isprintable() or not _ADDRESS.fullmatch(cell):
        raise CellRefused("contact_bad", "This is not one e-mail address. Write one, as in someone@example.org.")
    return cell


def fact(name: str, cell: str) -> Fraction | None:
    """Another number about a coop, exactly: `12`, `12.50` or `1/3`; None if the cell is empty.

    Raises:
        CellRefused: `fact_bad`.
    """
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise CellRefused(
            "fact_bad", f"{cell[:_SHOWN]!r} is not a number. Write digits, with a point for decimals: 1250.50."
        )
    number = Fraction(cell)
    try:
        check_number(name, number)
    except Refusal as refusal:
        raise CellRefused("fact_bad", refusal.detail) from refusal
    return number
