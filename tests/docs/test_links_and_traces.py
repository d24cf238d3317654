"""Links between documents lead somewhere, and no file tells on which machine it was written."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SKIPPED = frozenset({".git", ".venv", "__pycache__", "mutants", "demo-federation", "htmlcov", "build", "dist"})
TEXTS = frozenset({".csv", ".json", ".md", ".py", ".toml", ".txt", ""})
# Home and working directories as machines have them. A path within the repository has no slash before its first name.
MACHINE = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|work|tmp|private|workspace)/[\w.-]")
REGISTRY = re.compile(
    r"index[-_]url|trusted[-_]host|find[-_]links|pythonhosted[.]org|pypi[.]org/simple|artifactory|jfrog", re.IGNORECASE
)


def _texts() -> list[Path]:
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(
            part in SKIPPED or part.endswith((".egg-info", "_cache")) or part == ".hypothesis" for part in parts
        )
        if not hidden and path.is_file() and path.suffix in TEXTS and not path.name.startswith(".coverage"):
            found.append(path)
    return found


def _anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_the_links_of_a_document_resolve(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", target):
            continue
        place, _, anchor = target.partition("#")
        file = (document.parent / place).resolve() if place else document
        assert file.exists(), target
        assert file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in _anchors(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_the_files_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for named in re.findall(r"`((?:governance|app|tests|docs|migrations)/[\w./-]*[\w/])`", text):
        assert (ROOT / named).exists(), named


def test_the_readme_leads_to_every_document() -> None:
    reached, left = set(), [ROOT / "README.md"]
    while left:
        document = left.pop()
        if document in reached or document.suffix != ".md":
            continue
        reached.add(document)
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            file = (document.parent / target).resolve()
            if file.is_file():
                left.append(file)
    assert set(DOCUMENTS) <= reached, set(DOCUMENTS) - reached


def test_there_are_texts_to_look_at() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in _texts()}
    assert {"app", "governance", "tests", "docs", "requirements", "Makefile", "pyproject.toml", "README.md"} <= names


@pytest.mark.parametrize("trace", [MACHINE, REGISTRY], ids=["a directory of a machine", "a registry"])
def test_no_file_names(trace: re.Pattern[str]) -> None:
    for path in _texts():
        if path == Path(__file__):
            continue
        found = trace.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, (path, found)


def test_requirements_have_no_addresses() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(encoding="utf-8"), path
