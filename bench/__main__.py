"""Run every benchmark, or those that are named, and print their numbers."""

import sys
from collections.abc import Callable
from typing import Final

from bench import growing, verifying
from bench.casting import measuring, sharing

BENCHMARKS: Final[dict[str, Callable[[], None]]] = {
    "verifying": verifying.run,
    "casting": measuring.measure_all,
    "sharing": sharing.measure_all,
    "growing": growing.run,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"== {name} ==", flush=True)
        BENCHMARKS[name]()
