"""Auditing: giving somebody the one file from which everything can be recomputed."""

import os
import sys
from pathlib import Path

from app.ledger.ledger import Ledger


async def write_bundle_file(ledger: Ledger, path: Path) -> None:
    """Write the bundle to a file, which appears only when it is whole, or to standard output for `-`."""
    if str(path) == "-":
        await ledger.write_bundle(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            await ledger.write_bundle(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
