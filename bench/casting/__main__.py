"""Serve the benchmark's federation: home, database, port and number of processes."""

import sys

from app.server import serve
from bench.casting.served import load, told

if __name__ == "__main__":
    sys.exit(serve(told(*sys.argv[1:]), load))
