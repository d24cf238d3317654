import csv
import io
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.founding.coops_csv import CoopsTable, FoundingCoop, read_coops
from app.founding.countries import COUNTRIES
from app.founding.problems import FoundingFileRefused
from governance.names import NameRefused, check_name, skeletons

TEXT = "name;country;cooperators\nÑandú;AR;12\n"
ONE = (FoundingCoop(name=check_name("Ñandú"), country="AR", cooperators=12),)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("python", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")],
)
def test_what_spreadsheets_write_is_read(separator: str, newline: str, python: str, name: str) -> None:
    table = read_coops(TEXT.replace(";", separator).replace("\n", newline).encode(python))
    assert table == CoopsTable(coops=ONE, unused_columns=(), encoding=name, separator=separator)


def test_big_endian_utf_16_is_read() -> None:
    assert read_coops(("\ufeff" + TEXT).encode("utf-16-be")).coops == ONE


@pytest.mark.parametrize("line", ["sep=;\n", "sep=;\r\n", '"sep=;"\r', "SEP=;\n", "\ufeffsep=;\n"])
def test_a_first_line_can_name_the_separator(line: str) -> None:
    assert read_coops((line + TEXT).encode()).coops == ONE


def test_the_named_separator_beats_the_likely_one() -> None:
    table = read_coops(b"sep=|\nname|country|cooperators|a,b,c,d,e\nTejo|AR|3|\n")
    assert (table.separator, table.unused_columns) == ("|", ("a,b,c,d,e",))


@pytest.mark.parametrize(
    "headings",
    [
        "name,country,cooperators,services,category,since,contact",
        "NAME, Country ,  COOPERATORS,Services,Category,Since,Contact",
        "nombre,país,asociadas,servicios,categoría,desde,e-mail",
        "NOMBRE,PAIS,Socias,SERVICIOS,CATEGORI\u0301A,Desde:,Correo electrónico",
        "Coop name,Country_code,worker-members,services,category,Member  since,E-Mail",
        "cooperativa,pais,Socios,servicios,categoria,desde,contacto",
        '"name","country","members","services","category","since","email"',
    ],
)
def test_headings_are_known_in_both_languages_and_any_spelling(headings: str) -> None:
    row = ' Tejo  Rojo ,ar, 012,"design; hosting, Design,\nweb  shops |",Probation Time,2024-03-01,hola@tejo.example'
    assert read_coops(f"{headings}\n{row}\n".encode()).coops == (
        FoundingCoop(
            name=check_name("Tejo Rojo"),
            country="AR",
            cooperators=12,
            category="probation-time",
            services=("design", "hosting", "web shops"),
            since=date(2024, 3, 1),
            contact="hola@tejo.example",
        ),
    )


def test_the_separator_is_the_one_that_explains_the_headings() -> None:
    table = read_coops(
        "name;country;cooperators;services (design, hosting, training, and so on)\nÑandú;AR;12;\n".encode()
    )
    assert (table.coops, table.separator) == (ONE, ";")


def test_a_space_before_a_quoted_cell_is_nothing() -> None:
    (coop,) = read_coops(b'"name", "country", "cooperators"\n"Tejo, Rojo", "AR", "3"\n').coops
    assert (coop.name, coop.country, coop.cooperators) == ("Tejo, Rojo", "AR", 3)


def test_only_three_columns_are_needed_and_the_rest_has_defaults() -> None:
    (coop,) = read_coops(TEXT.encode()).coops
    assert (coop.category, coop.services, coop.since, dict(coop.facts), coop.contact) == ("full", (), None, {}, None)


def test_an_empty_cell_is_the_default_too() -> None:
    head = "name;country;cooperators;category;services;since;contact;fact:dues\n"
    assert read_coops((head + "Ñandú;AR;12;;;;;\n").encode()).coops == ONE


def test_other_numbers_are_exact_facts() -> None:
    data = b"name;country;cooperators;fact:dues;Fact: Office Space\nTejo;AR;3;1250.50;1/4\nCeibo;AR;3;007;\n"
    first, second = read_coops(data).coops
    assert first.facts == {"dues": Fraction(2501, 2), "office-space": Fraction(1, 4)}
    assert second.facts == {"dues": Fraction(7)}


def test_columns_that_are_not_read_are_named() -> None:
    table = read_coops(b"Website,name,country,cooperators,Notes,,\nhttps://tejo.example,Tejo,AR,3,,,\n")
    assert table.unused_columns == ("Website", "Notes")
    assert len(table.coops) == 1


def test_empty_rows_and_cells_at_the_end_are_nothing() -> None:
    assert read_coops((";;;\n" + TEXT + ";;;;\n\n;\n   \n").encode()).coops == ONE


def test_quotes_inside_a_cell_belong_to_it() -> None:
    data = b'name,country,cooperators\n"Tejo ""Rojo"", coop",AR,3\nCeibo "Azul",AR,3\n'
    assert [coop.name for coop in read_coops(data).coops] == ['Tejo "Rojo", coop', 'Ceibo "Azul"']


def test_windows_1252_letters_and_quotes_are_read() -> None:
    data = "name,country,cooperators\nL’Espiga Binària – SÃO,BR,3\n".encode("cp1252")
    assert read_coops(data).coops[0].name == "L’Espiga Binària – SÃO"


def test_a_contact_is_in_no_representation() -> None:
    (coop,) = read_coops(b"name,country,cooperators,contact\nTejo,AR,3,private@tejo.example\n").coops
    assert coop.contact == "private@tejo.example"
    assert "private" not in f"{coop!r} {coop}"
    assert "private" not in repr(CoopsTable(coops=(coop,), unused_columns=(), encoding="utf-8", separator=","))


def test_the_limits_themselves_are_accepted() -> None:
    data = f"name,country,cooperators,services\n{'x' * 120},AR,10000000,{'y' * 80}\nTejo,AR,1,\n".encode()
    assert [coop.cooperators for coop in read_coops(data).coops] == [10_000_000, 1]


def test_there_are_249_countries() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in COUNTRIES)


LETTERS = st.text(st.sampled_from("abcdefghjkmopqrstuvwxyzñéßüÁÉ&()+\"'.,;|-ÿ€’"), min_size=1, max_size=20)
WIDE = st.text(st.sampled_from('сложнаялюдиИЖΩδωπגדתعملक糸車한, ;|"'), min_size=1, max_size=20)
SERVICES = st.lists(
    st.text(st.sampled_from("abcdefñ &/'\"-"), min_size=1, max_size=10)
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    max_size=4,
    unique_by=str.casefold,
)


@st.composite
def coops(draw: st.DrawFn, names: st.SearchStrategy[str]) -> tuple[FoundingCoop, ...]:
    found = []
    seen: set[str] = set()
    for text in draw(st.lists(names, min_size=1, max_size=6)):
        try:
            name = check_name(text)
        except NameRefused:
            continue
        if seen.isdisjoint(skeletons(name)):
            seen |= skeletons(name)
            found.append(
                FoundingCoop(
                    name=name,
                    country=draw(st.sampled_from(sorted(COUNTRIES))),
                    cooperators=draw(st.integers(1, 10**7)),
                    category=draw(st.sampled_from(("full", "associate", "observer-2"))),
                    services=tuple(draw(SERVICES)),
                    since=draw(st.none() | st.dates()),
                    facts=draw(
                        st.dictionaries(st.just("dues"), st.integers(0, 10**9).map(lambda cents: Fraction(cents, 100)))
                    ),
                    contact=draw(st.none() | st.just("hola@tejo.example")),
                )
            )
    return tuple(found)


def written(coops: tuple[FoundingCoop, ...], encoding: str, order: list[str], dialect: tuple[str, str, int]) -> bytes:
    separator, newline, quoting = dialect
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]  # any of csv's four
    writer.writerow([*order, "", ""])
    for coop in coops:
        cells = {
            "name": coop.name,
            "country": coop.country,
            "cooperators": coop.cooperators,
            "category": coop.category,
            "services": ", ".join(coop.services),
            "since": "" if coop.since is None else coop.since.isoformat(),
            "fact:dues": str(coop.facts.get("dues", "")),
            "contact": coop.contact or "",
        }
        writer.writerow([*(cells[title] for title in order), "", ""])
    return text.getvalue().encode(encoding)


TITLES = ["name", "country", "cooperators", "category", "services", "since", "fact:dues", "contact"]


@given(
    st.one_of(
        st.tuples(coops(LETTERS), st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252"))),
        st.tuples(coops(WIDE), st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))),
    ),
    st.tuples(
        st.sampled_from((",", ";", "\t", "|")),
        st.sampled_from(("\n", "\r\n", "\r")),
        st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
    ),
    st.permutations(TITLES),
)
def test_what_a_writer_wrote_is_read_back(
    listed: tuple[tuple[FoundingCoop, ...], str], dialect: tuple[str, str, int], order: list[str]
) -> None:
    wanted, encoding = listed
    data = written(wanted, encoding, order, dialect)
    try:
        table = read_coops(data)
    except FoundingFileRefused as refused:
        assert not wanted, refused.problems
        assert [problem.code for problem in refused.problems] == ["no_coops"]
    else:
        assert table.coops == wanted
        assert table.separator == dialect[0]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_random_bytes_are_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(FoundingFileRefused):
        read_coops(data)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_random_bytes_within_a_good_file_are_read_or_refused(data: bytes, at: int) -> None:
    good = TEXT.encode()
    try:
        table = read_coops(good[:at] + data + good[at:])
    except FoundingFileRefused as refused:
        assert refused.problems
    else:
        assert table.coops
