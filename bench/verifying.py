"""How long verifying takes, against bare hashing of the same bytes; how fast records fold; how much memory it takes.

Bare hashing reads the same file in the same pieces, and makes the same hashes and nothing else: SHA-256 of the file, a leaf
hash for each entry, and the Merkle tree over them. Folding applies records that are already read. Times are processor time,
because the machines are shared; the peak memory is that of a process that does nothing but verify. The garbage collector rests
meanwhile, for all three, as it does in `rochdale verify`.
"""

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench.making import make_bundle
from governance.federation import Federation
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.merkle import Frontier, leaf_hash
from governance.records import read_record
from governance.verifier import verify

SHAPES: Final = ((250, 400), (69, 400))
"""Coops and polls: many ballots a poll, and as few as the founding federation has."""
ROUNDS: Final = 7
_CHUNK: Final = 65_536
_MIB: Final = 1024


def run() -> None:
    """Measure and print."""
    for coops, polls in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "many.bundle"
            entries = make_bundle(path, coops=coops, polls=polls)
            print(f"bundle: {coops * polls:,} ballots in {polls} polls of {coops} coops, {entries:,} entries, ", end="")
            print(f"{path.stat().st_size / 1e6:.1f} MB")
            _measure(path, entries)


def _measure(path: Path, entries: int) -> None:
    rounds = [(_taken(lambda: _hash(path)), _taken(lambda: _verify(path))) for _ in range(ROUNDS)]
    hashing, verifying = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(bare / whole for bare, whole in rounds)
    print(f"bare hashing:  {hashing / entries * 1e6:6.2f} microseconds an entry")
    print(f"verifying:     {verifying / entries * 1e6:6.2f} microseconds an entry")
    print(f"ratio:         {ratio:6.3f} of {ROUNDS} rounds, wanted at least 0.25 for many ballots a poll")
    print(f"folding:       {entries / _folding(path):,.0f} records a second")
    peak = subprocess.run(  # noqa: S603 - this very module, on a file of its own
        [sys.executable, "-m", "bench.verifying", str(path)], check=True, capture_output=True, text=True
    ).stdout
    print(f"peak memory:   {float(peak):.0f} MiB of a process that verifies, wanted under 512")


def _folding(path: Path) -> float:
    records = [read_record(frame.entry) for frame in read_bundle(_chunks(path)) if isinstance(frame, EntryFrame)]

    def fold() -> None:
        federation = Federation()
        for record in records:
            federation.apply(record)

    return statistics.median(_taken(fold) for _ in range(ROUNDS))


def _taken(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    started = time.process_time()
    work()
    taken = time.process_time() - started
    gc.enable()
    return taken


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _hash(path: Path) -> bytes:
    frontier = Frontier()
    for frame in read_bundle(_chunks(path)):
        if type(frame) is EntryFrame:
            frontier.append(leaf_hash(frame.entry))
    return frontier.root()


def _verify(path: Path) -> None:
    if not verify(_chunks(path)).holds:
        raise SystemExit("the benchmark's bundle does not verify")


if __name__ == "__main__":
    gc.disable()
    _verify(Path(sys.argv[1]))
    # Not ru_maxrss: that begins with what the process that started this one had.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) / _MIB)
