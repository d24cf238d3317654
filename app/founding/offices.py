"""Offices with those who are to hold them, whose addresses are personal data and never enter the log."""

from msgspec.structs import asdict

from app.founding import cells
from app.founding.problems import CellRefused
from app.founding.rulebook_toml import check_offices, take_each
from app.founding.tables import Reading, Table, shown
from governance.ids import OfficeId
from governance.mandate import Office


class OfficeHeld(Office, frozen=True):
    """An office as the founding file has it, with the addresses of those who are to hold it."""

    holders: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without the holders, so that no traceback or log line shows them."""
        return f"OfficeHeld(id={self.id!r}, title={self.title!r})"


def take_offices_held(reading: Reading, table: Table) -> tuple[tuple[Office, ...], dict[OfficeId, tuple[str, ...]]]:
    """The `[[office]]` tables of a founding file: the offices, and the holders of those that have any."""
    held = take_each(reading, table, "office", ("office", "id"), OfficeHeld, {})
    check_offices(reading, held)
    for office in held:
        _check_holders(reading, office)
    offices = []
    for each in held:
        fields = asdict(each)
        del fields["holders"]
        offices.append(Office(**fields))
    return tuple(offices), {each.id: each.holders for each in held if each.holders}


def _check_holders(reading: Reading, office: OfficeHeld) -> None:
    place = f"office {shown(office.id)}, holders"
    if len(office.holders) > office.seats:
        reading.refuse(
            place,
            "holders_too_many",
            f"{len(office.holders)} are to hold an office with seats for {office.seats}. Correct one of the numbers.",
        )
    if len({holder.casefold() for holder in office.holders}) != len(office.holders):
        reading.refuse(
            place, "holder_twice", "The same address stands here twice. One person takes one seat: remove one."
        )
    for number, holder in enumerate(office.holders, 1):
        try:
            known = cells.contact(holder)
        except CellRefused as refusal:
            known = None
            detail = refusal.detail
        else:
            detail = "There is no address here. Write one, as in someone@example.org."
        if known is None:
            reading.refuse(f"{place} {number}", "contact_bad", detail)
