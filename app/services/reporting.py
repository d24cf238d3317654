"""Saying what the verifier found, line by line, in words for people."""

import re
from collections.abc import Iterator
from typing import Final

from governance.report import TITLES, Check, Report

_MARKS: Final = {"held": "ok  ", "failed": "FAIL", "not_checked": "  - "}
_COUNTED: Final = re.compile(r"(?<![\w.,])1 (checkpoint|decision|poll|roll|text)s\b")
_ENTRIES: Final = re.compile(r"(?<![\w.,])1 entries\b")


def plain(text: str) -> str:
    """A text without characters that move a terminal's cursor or turn its direction: it may come from a forged bundle."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def detail_of(check: Check) -> str:
    """What was seen by a check, with the singular where there was one."""
    if check.status == "failed":
        return plain(check.detail)
    return _ENTRIES.sub("1 entry", _COUNTED.sub(r"1 \1", plain(check.detail)))


def report_lines(report: Report) -> Iterator[str]:
    """The whole report, with the verdict last."""
    if report.origin:
        yield from _head(report)
        yield ""
    for check in report.checks:
        yield f"{_MARKS[check.status]} {TITLES[check.name]}"
        yield f"     {detail_of(check)}"
    for one in report.continuations:
        yield f"LOST {counted(one.lost, 'signed entry', 'signed entries')} before entry {one.seq:,}, of {one.at}: the log was"
        yield f"     {plain(one.origin_before)} until then, {one.signed:,} entries long, and went on without them"
    for turn in report.rotations:
        yield f"     another key signs since entry {turn.seq:,}, of {turn.at}, as the one before it said:"
        yield f"     {plain(turn.key_before)} until then"
    for redaction in report.redactions:
        gone = "erased" if redaction.gone else "recorded, but its bytes are still here"
        yield f"     text {redaction.text[:16]}… redacted at entry {redaction.seq}: {gone}"
    yield ""
    yield verdict(report)


def verdict(report: Report) -> str:
    """The verdict on one line."""
    if not report.holds:
        return f"NOT VERIFIED: {', '.join(check.name for check in report.checks if check.status == 'failed')}"
    lost = sum(one.lost for one in report.continuations)
    missing = (
        f", and {counted(lost, 'signed entry is', 'signed entries are')} known to be lost"
        if report.continuations
        else ""
    )
    if any(check.status == "not_checked" for check in report.checks):
        return f"VERIFIED, but by a key that nobody has checked{missing}: give it with --key."
    return f"VERIFIED{missing}"


def _head(report: Report) -> Iterator[str]:
    yield f"Federation   {plain(report.federation) or '(unknown)'}"
    yield f"Log          {plain(report.origin)}"
    yield f"Key          {plain(report.key)}"
    yield f"Fingerprint  {report.fingerprint}"
    if report.size:
        yield f"Entries      {report.size:,}, the last of {report.last}"
        if report.due:
            yield f"Next due     {report.due}: if that has passed, the log has not gone on as it should"
        yield f"Root         {report.root}"
        ratified = "ratified by the coops" if report.ratified else "not ratified by the coops yet: the operator's word"
        yield f"Founding     {ratified}"
