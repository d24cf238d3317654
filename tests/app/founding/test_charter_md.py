import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.founding.charter_md import FoundingArticle, FoundingCharter, read_charter, slug
from app.founding.problems import FoundingFileRefused
from governance.ids import ArticleId

TEXT = """# Charter of all of us

## Slogan

Good tools.

## Values

### Openness {#open}

We *show*:

- books
- reasons

### Trust and care ##

We trust.

## Last

End.
"""


def article(name: str, heading: str, text: str, section: str | None = None) -> FoundingArticle:
    return FoundingArticle(id=ArticleId(name), section=section, heading=heading, text=text)


WANTED = FoundingCharter(
    title="Charter of all of us",
    articles=(
        article("slogan", "Slogan", "Good tools."),
        article("open", "Openness", "We *show*:\n\n- books\n- reasons", "Values"),
        article("trust-and-care", "Trust and care", "We trust.", "Values"),
        article("last", "Last", "End."),
    ),
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_charter_is_read_whatever_its_line_ends(newline: str, encoding: str) -> None:
    assert read_charter(TEXT.replace("\n", newline).encode(encoding)) == WANTED


def one(body: str) -> str:
    (found,) = read_charter(f"# Charter\n## One\n{body}\n".encode()).articles
    return found.text


@pytest.mark.parametrize(
    "body",
    [
        "```\n## not a heading\n```",
        "```python\n# not a title\n````",
        "~~~\n```\n## not a heading\n~~~",
        "````\n```\n## not a heading\n````",
        "   ```\n## not a heading\n   ```",
        "```\n``` still code\n## not a heading\n```",
        "``` a `tick` ends no line\n\nText.",
        "    ## code by indentation",
        "#### A deeper heading\n\nText.",
        "##no space, no heading",
        "####### seven marks",
        "#!shebang",
        "\\## escaped",
        "Setext headings are text\n---",
    ],
)
def test_what_is_no_heading_of_ours_stays_text(body: str) -> None:
    assert one(body) == body.strip()


@pytest.mark.parametrize(
    ("line", "heading", "name"),
    [
        ("## Two words", "Two words", "two-words"),
        ("   ##\tTwo words  ", "Two words", "two-words"),
        ("## Two words ####  ", "Two words", "two-words"),
        ("## Issue #", "Issue", "issue"),
        ("## C#", "C#", "c"),
        ("## An {#open brace", "An {#open brace", "an-open-brace"),
        ("## A brace}", "A brace}", "a-brace"),
        ("## A {#b} c}", "A {#b} c}", "a-b-c"),
        ("## A {#{b}", "A {#{b}", "a-b"),
        ("## Two {#an-id}", "Two", "an-id"),
        ("## Two {#an-id} ##", "Two", "an-id"),
        ("## Two{#id}", "Two", "id"),
        ("## Responsabilidad y acción", "Responsabilidad y acción", "responsabilidad-y-accion"),
        ("## 7. Democracy", "7. Democracy", "democracy"),
        ("## Ценности", "Ценности", "article-1"),
        ("## 2026", "2026", "article-1"),
    ],
)
def test_a_heading_gives_the_article_its_id(line: str, heading: str, name: str) -> None:
    (found,) = read_charter(f"# Charter\n{line}\nText.\n".encode()).articles
    assert (found.heading, found.id) == (heading, name)


def test_an_article_without_letters_in_its_heading_is_named_by_its_number() -> None:
    charter = read_charter("# Устав\n## Один\nA\n## Ценности\n### Два\nB\n".encode())
    assert [(found.id, found.section) for found in charter.articles] == [("article-1", None), ("article-2", "Ценности")]


def test_a_heading_of_a_megabyte_of_spaces_is_read_at_once() -> None:
    (found,) = read_charter(b"# C\n## a" + b" " * 1_000_000 + b"#" * 1_000_000 + b" \na\n").articles
    assert found.heading == "a"


def test_a_long_heading_makes_a_short_id() -> None:
    assert slug("word " * 40, 1) == "-".join(["word"] * 12)


def test_an_article_after_a_section_stands_in_none() -> None:
    charter = read_charter(b"# C\n## S\n### A\na\n## B\nb\n")
    assert [found.section for found in charter.articles] == ["S", None]


def test_a_text_of_exactly_20_000_bytes_is_accepted() -> None:
    assert len(one("é" * 10_000).encode()) == 20_000


def test_the_position_of_a_bad_byte_is_told_by_its_line() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_charter(b"# Charter\r\n## One\r\n\xff\r\n")
    assert [(problem.row, problem.code) for problem in refused.value.problems] == [(3, "not_utf8")]


BODIES = st.text(st.sampled_from("abc é*-_[]()>.漢\n"), min_size=1, max_size=40).map(str.strip).filter(bool)
HEADINGS = st.text(st.sampled_from("abcdefé. 漢"), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(st.tuples(HEADINGS, BODIES, st.booleans()), min_size=1, max_size=6), st.sampled_from(("\n", "\r\n")))
def test_what_was_written_is_read_back(parts: list[tuple[str, str, bool]], newline: str) -> None:
    lines = ["# Title"]
    wanted = []
    section = None
    for number, (heading, body, opens) in enumerate(parts):
        if opens:
            section = f"Section {number}"
            lines += [f"## {section}", ""]
        lines += [f"{'##' if section is None else '###'} {heading} {{#a{number}}}", "", body, ""]
        wanted.append(article(f"a{number}", heading, body, section))
    data = "\n".join(lines).replace("\n", newline).encode()
    assert read_charter(data) == FoundingCharter(title="Title", articles=tuple(wanted))


@given(st.binary(max_size=200) | st.text(st.sampled_from("#ab {}`~\n\r\t\u2028"), max_size=60).map(str.encode))
def test_random_bytes_are_read_or_refused_and_nothing_else_happens(data: bytes) -> None:
    try:
        charter = read_charter(data)
    except FoundingFileRefused as refused:
        assert refused.problems
    else:
        assert charter.articles
