import pytest

from app.services.reporting import counted, detail_of, plain, report_lines, verdict
from governance.ids import TextHash
from governance.report import Check, Continued, Redaction, Report, Rotated, Status
from governance.verifier import verify

EMPTY = verify([])


def check(detail: str, status: Status = "held") -> Check:
    return Check(name="texts", status=status, detail=detail)


def changed(**fields: object) -> Report:
    shown = {name: getattr(EMPTY, name) for name in EMPTY.__struct_fields__}
    return Report(**{**shown, **fields})


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("1 checkpoints", "1 checkpoint"),
        ("1 entries announced and found", "1 entry announced and found"),
        ("1 decisions taken again, 1 polls recounted", "1 decision taken again, 1 poll recounted"),
        ("1 texts named, 1 of them redacted", "1 text named, 1 of them redacted"),
        ("11 rolls", "11 rolls"),
        ("1,001 rolls", "1,001 rolls"),
        ("0 rolls", "0 rolls"),
    ],
)
def test_one_is_singular_and_every_other_number_plural(seen: str, said: str) -> None:
    assert detail_of(check(seen)) == said


def test_what_failed_is_said_as_it_is() -> None:
    assert detail_of(check("1 texts are missing.", "failed")) == "1 texts are missing."


def test_a_number_stands_with_its_noun() -> None:
    assert [counted(number, "coop", "coops") for number in (0, 1, 2_000)] == ["0 coops", "1 coop", "2,000 coops"]


def test_nothing_in_a_bundle_can_move_the_cursor_or_turn_the_text() -> None:
    assert plain("a\x1b[2Jb\N{RIGHT-TO-LEFT OVERRIDE}c\nd\x9be") == "a\ufffd[2Jb\ufffdc\ufffdd\ufffde"
    assert plain("コープ糸車 ñ") == "コープ糸車 ñ"
    forged = changed(origin="o\x1b", federation="f\x1b", key="k\x1b", checks=(check("d\x1b"),))
    assert "\x1b" not in "".join(report_lines(forged))


def test_a_redaction_says_whether_the_bytes_are_gone() -> None:
    text = TextHash("ab" * 32)
    said = "\n".join(
        report_lines(changed(redactions=tuple(Redaction(text=text, seq=7, gone=gone) for gone in (True, False))))
    )
    assert "text abababababababab… redacted at entry 7: erased" in said
    assert "redacted at entry 7: recorded, but its bytes are still here" in said


def test_the_verdict_names_what_failed_or_what_was_not_checked() -> None:
    assert verdict(EMPTY) == "NOT VERIFIED: format"
    assert verdict(changed(holds=True, checks=(check("", "not_checked"),))).startswith("VERIFIED, but by a key")
    assert verdict(changed(holds=True, checks=(check(""),))) == "VERIFIED"


def test_an_unratified_founding_is_called_the_operators_word() -> None:
    said = "\n".join(report_lines(changed(origin="a.example/log", size=1)))
    assert "not ratified by the coops yet: the operator's word" in said
    assert "Federation   (unknown)" in said
    assert "ratified by the coops\n" in "\n".join(report_lines(changed(origin="a", size=1, ratified=True)))


def test_a_reader_is_told_when_something_falls_due_next() -> None:
    due = "2026-12-01T00:00:00.000000Z"
    said = "\n".join(report_lines(changed(origin="a.example/log", size=1, due=due)))
    assert f"Next due     {due}: if that has passed" in said
    assert "Next due" not in "\n".join(report_lines(changed(origin="a.example/log", size=1)))


def test_another_key_is_said_in_the_report() -> None:
    one = Rotated(seq=1_200, at="2026-03-01T12:00:00.000000Z", key_before="before\x1b", key="after")
    said = "\n".join(report_lines(changed(holds=True, rotations=(one,))))
    assert "another key signs since entry 1,200, of 2026-03-01T12:00:00.000000Z" in said
    assert "before\ufffd until then" in said


def test_a_loss_is_said_in_the_report_and_in_the_verdict() -> None:
    one = Continued(
        seq=1_200,
        at="2026-03-01T12:00:00.000000Z",
        origin_before="before.example\x1b",
        key_before="before",
        origin="after.example",
        key="after",
        signed=1_201,
        lost=1,
    )
    told = changed(holds=True, continuations=(one, one))
    said = "\n".join(report_lines(told))
    assert "LOST 1 signed entry before entry 1,200, of 2026-03-01T12:00:00.000000Z" in said
    assert "before.example\ufffd until then, 1,201 entries long" in said
    unchecked = (
        "VERIFIED, but by a key that nobody has checked, and 2 signed entries are known to be lost: give it with --key."
    )
    assert verdict(told) == unchecked
    assert verdict(changed(holds=True, checks=(), continuations=(one,))) == (
        "VERIFIED, and 1 signed entry is known to be lost"
    )
