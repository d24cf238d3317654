"""Run every benchmark and print its numbers."""

from bench.verifying import run

run()
