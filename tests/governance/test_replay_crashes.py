"""No record that somebody with the log's key could write crashes the verifier, whatever stands in whichever field."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from governance.errors import FormatError
from governance.records import Record, read_record
from governance.replay import Illegal, Replay
from tests.governance.forging import lengths_in
from tests.governance.rich import rich_world

TEXTS = (
    *("", "x", "c1", "c8", "c99", "c-1", "c", "cx", "c١", "p1", "p5", "p99", "p", "p1.v1", "p1.v2", "p14.v1", "p1.v", ".v1"),
    *("p1.vx", "p1.v\u0661", "p9.a1", "p9.a2", ".a1", "rules", "charter.article.mission", "charter.article.", "admission.x"),
    *("full", "associate", "secretary", "cooperators", "1/3", "-1", "0", "1" * 60, "9" * 399, "1/" + "9" * 390, "P0D", "P400D"),
    *("P1000000000D", "-P1D", "PT1S", "2026-02-30", "9999-12-31", "0001-01-01", "2026-W10-1", "a\nb", "a\x00b", "\u202e", "İ"),
    *("0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "2026-03-01T12:00:00.000000Z", "0" * 64, "m-" + "0" * 32),
    *("operator", "federation", "yes", "block", "tiers", "linear", "steward", "officer", "resolution", "delegate", "AR", "uy"),
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *TEXTS,
    None,
    True,
    False,
    0,
    1,
    2,
    -1,
    101,
    2**53 - 1,
    [],
    {},
    [[]],
    ["full"],
    ["full", "full"],
)


def varied(said: Any) -> Iterator[Any]:
    """What is said, with one value in it replaced, left out or doubled, in every place."""
    if isinstance(said, dict):
        for key, value in said.items():
            for other in varied(value):
                yield {**said, key: other}
    elif isinstance(said, list):
        for at, value in enumerate(said):
            yield [*said[:at], *said[at + 1 :]]
            yield [*said, value]
            for other in varied(value):
                yield [*said[:at], other, *said[at + 1 :]]
    else:
        yield from VALUES


def forged(entry: bytes) -> Iterator[Record]:
    """Every record that can be read and differs from an entry in one value."""
    for said in varied(json.loads(entry)):
        data = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        try:
            yield read_record(data)
        except FormatError:
            continue


def samples() -> dict[int, bytes]:
    """An entry of each type and kind of effect, by its position."""
    found: dict[str, tuple[int, bytes]] = {}
    for at, (record, entry) in enumerate(zip(rich_world().records, rich_world().entries, strict=True)):
        effect = getattr(record.body, "effect", None) or getattr(record.body, "result", None)
        found.setdefault(f"{record.type} {type(effect).__name__}", (at, entry))
    return dict(found.values())


SAMPLES = samples()


def test_no_forged_record_crashes_the_replay() -> None:
    world = rich_world()
    honest, refused, legal = Replay(lengths_in(world.blobs)), 0, 0
    for at, record in enumerate(world.records):
        for forgery in forged(SAMPLES[at]) if at in SAMPLES else ():
            trial = Replay(lengths_in(world.blobs))
            trial.federation = honest.federation.overlay()
            try:
                trial.take(forgery)
                legal += 1
            except Illegal:
                refused += 1
        honest.take(record)
    assert refused > legal > 0
    assert len(SAMPLES) > 50


@pytest.mark.parametrize("said", ['{"a":"b"}', '["x"]', "1"])
def test_forgeries_differ_in_one_place_each(said: str) -> None:
    others = list(varied(json.loads(said)))
    assert len(others) >= len(VALUES)
