from collections import Counter
from pathlib import Path

import app.demo
from app.founding.charter_md import read_charter
from app.founding.coops_csv import read_coops

DATA = Path(app.demo.__file__).parent / "data"
COOPS = (DATA / "coops.csv").read_bytes()
CHARTER = (DATA / "charter.md").read_bytes()


def test_the_demo_has_the_shape_of_the_first_federation() -> None:
    coops = read_coops(COOPS).coops
    assert len(coops) == 69
    assert len({coop.country for coop in coops}) == 19
    assert len({service for coop in coops for service in coop.services}) == 37
    assert 800 <= sum(coop.cooperators for coop in coops) <= 900


def test_its_cooperators_are_spread_unevenly() -> None:
    sizes = sorted((coop.cooperators for coop in read_coops(COOPS).coops), reverse=True)
    assert sum(3 <= size <= 10 for size in sizes) >= 50
    assert sum(size > 25 for size in sizes) in range(3, 10)
    assert sum(sizes[:7]) > sum(sizes) // 3


def test_its_file_is_what_a_spreadsheet_writes() -> None:
    table = read_coops(COOPS)
    assert COOPS.startswith(b"\xef\xbb\xbf")
    assert COOPS.count(b"\r\n") == COOPS.count(b"\n") == 70
    assert (table.encoding, table.separator, table.unused_columns) == ("utf-8", ";", ())
    assert b'""' in COOPS


def test_its_names_are_in_several_scripts() -> None:
    text = " ".join(coop.name for coop in read_coops(COOPS).coops)
    for letter in ("Ñ", "ü", "ф", "λ", "糸", "실", "त", "و"):
        assert letter in text


def test_all_contacts_are_at_domains_that_nobody_can_have() -> None:
    contacts = [coop.contact for coop in read_coops(COOPS).coops]
    assert all(contact is not None and contact.endswith(".example") for contact in contacts)
    assert not [contact for contact, times in Counter(contacts).items() if times > 1]


def test_every_coop_is_a_full_member_with_a_date_services_and_dues() -> None:
    for coop in read_coops(COOPS).coops:
        assert coop.category == "full"
        assert coop.since is not None
        assert coop.services
        assert coop.facts["dues"] > 0


def test_the_charter_has_five_statements_and_eleven_values() -> None:
    charter = read_charter(CHARTER)
    assert [article.id for article in charter.articles if article.section is None] == [
        "slogan",
        "community-mission",
        "business-mission",
        "business-vision",
        "community-vision",
    ]
    assert [article.id for article in charter.articles if article.section == "Values"] == [
        "responsibility",
        "openness",
        "social-impact",
        "cooperation",
        "innovation",
        "diversity",
        "democracy",
        "solidarity",
        "growth",
        "worker-ownership",
        "autonomy",
    ]
