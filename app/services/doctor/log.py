"""The log and what is kept with it: that it folds, that it is the one that was signed, and that nothing it names is lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.ledger.errors import LogDamaged
from app.ledger.folding import Fold, refold
from app.ledger.log_key import check_key
from app.security.signer import Signer
from app.services.doctor.finding import Finding, failed, ok, warned
from app.services.reporting import counted
from app.store.log_reading import Run, head, kinds_of
from governance.facts.register import TextRedacted
from governance.instants import Instant, later
from governance.log.keys import format_verifier_key
from governance.named import electorates_named, texts_named
from governance.records import Record

_TOLERANCE: Final = timedelta(seconds=2)
_PATIENCE: Final = timedelta(minutes=1)
"""How late a step can be before somebody should know: a running service takes it within a second."""


class Folded:
    """A log that folds, with the texts and electorates that it names and that nobody had erased."""

    def __init__(self, fold: Fold, named: dict[str, int]) -> None:
        """Hold both; `named` says by which entry each was named first."""
        self.fold = fold
        self.named = named


async def fold_log(run: Run, signer: Signer) -> Folded:
    """The log of a database, folded.

    Raises:
        LogShorter, LogDifferent, LogDamaged, LogKeyRotated, LogKeyForeign, RecordUnknown: it is not a log that could go on.
    """
    last, named, erased = signer.last(), dict[str, int](), set[str]()

    def seen(record: Record) -> None:
        for one in (*texts_named(record.body), *electorates_named(record.body)):
            named.setdefault(one, record.seq)
        if isinstance(record.body, TextRedacted):
            erased.add(record.body.text)

    present = await head(run)
    if present is None or not present.size:
        raise LogDamaged(
            "There is no log in this database. Found a federation, restore a backup, or correct the setting."
        )
    fold = await refold(run, present, last, seen)
    check_key(fold.federation.state, format_verifier_key(signer.verifier_key))
    return Folded(fold, {one: seq for one, seq in named.items() if one not in erased})


def found_log(folded: Folded) -> Finding:
    """That the log folds, and how it went on where entries of it were lost."""
    said = [f"{folded.fold.size:,} entries follow each other, and are those that were signed."]
    for one in folded.fold.federation.state.continuations:
        lost = counted(one.lost, "signed entry", "signed entries")
        said.append(f"It went on at entry {one.seq:,} under another origin than {one.origin_before}: {lost} lost.")
    said += [f"Its key is another since entry {one.seq:,}." for one in folded.fold.federation.state.rotations]
    return ok("log", " ".join(said))


def check_time(folded: Folded, at: Instant, database_at: Instant | None) -> Iterator[Finding]:
    """Whether clocks agree with the log, and whether what is due has happened."""
    state = folded.fold.federation.state
    if later(at, _TOLERANCE) < state.at:
        yield failed("clock", f"This host's clock says {at}, and the last entry is of {state.at}.", "Set the clock.")
    elif database_at is not None and (later(at, _TOLERANCE) < database_at or later(database_at, _TOLERANCE) < at):
        yield failed(
            "clock", f"This host's clock says {at}, and the database's {database_at}.", "Set the one that is wrong."
        )
    else:
        yield ok("clock", f"It is {at}, and the last entry is of {state.at}.")
    due = state.next_due
    if due is None or at <= later(due, _PATIENCE):
        yield ok("steps", "Nothing is due by itself." if due is None else f"The next thing that is due is so at {due}.")
    else:
        yield warned(
            "steps",
            f"Something fell due at {due} and has not happened.",
            "Does the service run? It happens as soon as it does, and before anything else. If it runs, read what it logs.",
        )


async def check_blobs(run: Run, folded: Folded) -> Finding:
    """Whether every text and electorate that the log names is there, or was erased."""
    kinds = await kinds_of(run, folded.named)
    missing = sorted((seq, one) for one, seq in folded.named.items() if one not in kinds)
    if missing:
        seq, first = missing[0]
        return failed(
            "blobs",
            f"{counted(len(missing), 'blob', 'blobs')} that the log names and nobody had erased, the first of them {first}, "
            f"named by entry {seq}.",
            "Look for them in backups and bundles. A charter text that is lost stops the log when it is to take effect.",
        )
    return ok("blobs", f"{counted(len(folded.named), 'blob is', 'blobs are')} there.")
