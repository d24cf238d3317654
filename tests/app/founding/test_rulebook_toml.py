import base64
import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.founding.federation_toml import default_rulebook
from app.founding.problems import FoundingFileRefused
from app.founding.rulebook_toml import Rulebook, read_rulebook
from governance.canonical import decoder_for, encode
from governance.counting.bounds import Ceiling
from governance.counting.weighting import CategoryWeight, Tier, Weighting
from governance.ids import OfficeId
from governance.mandate import Office
from governance.provisions import Provisions
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Entitled, Rule

VECTORS = Path(__file__).parents[2] / "vectors" / "founding"
F = Fraction
PLAIN = """
[[rule]]
matter = "resolution"
calls = [{}]
majority = [{ of = "yes+no", more_than = "1/2" }]
notice = "7 days"
voting = "7 days"
"""


def vectors(name: str) -> list[Any]:
    return [pytest.param(case, id=case["description"]) for case in json.loads((VECTORS / name).read_text("ascii"))]


@pytest.mark.parametrize("case", vectors("rulebook_refused.json"))
def test_a_wrong_rulebook_is_refused_with_all_its_problems(case: dict[str, Any]) -> None:
    data = case["text"].encode() if "text" in case else base64.b64decode(case["base64"], validate=True)
    with pytest.raises(FoundingFileRefused) as refused:
        read_rulebook(data, "file.toml")
    found = [{"code": p.code, "row": p.row, "column": p.column} for p in refused.value.problems]
    assert found == case["problems"]
    assert all(p.file == "file.toml" and p.detail.endswith(".") for p in refused.value.problems)


def read(text: str, *, built: bool = True) -> Rulebook:
    return read_rulebook(text.encode(), built=built)


def one(lines: str, *, built: bool = True) -> Rule:
    (rule,) = read(PLAIN + lines, built=built).rules
    return rule


def test_an_empty_file_is_the_usual_provisions_and_no_rules() -> None:
    assert read("") == Rulebook(provisions=Provisions(), rules=(), offices=())
    assert read("\ufeff# with a byte order mark\r\n") == read("")


def test_a_rule_has_the_defaults_of_the_model() -> None:
    assert one("") == Rule(
        matter=one("").matter,
        entitled=Entitled(categories=("full",), good_standing=True),
        calls=(Call(),),
        majority=(Requirement(of="yes+no", more_than=F(1, 2)),),
        notice=timedelta(days=7),
        voting=timedelta(days=7),
    )


def test_every_part_of_a_rule_can_be_said() -> None:
    rule = read(
        """
        [provisions]
        categories = ["full", "associate"]

        [[rule]]
        matter = "admission.associate"
        entitled = { categories = ["full", "associate"], good_standing = false, member_for = "2 weeks" }
        calls = [
          { quorum = [{ of = "entitled", at_least = "1/2" }, { measure = "cooperators", at_least_number = "25" }] },
          { after = "48 hours", quorum = [{ all_but = 2 }] },
          { after = "30 minutes" },
        ]
        majority = [{ any_of = [{ counts = "no", at_most_number = "0" }, { of = "ballots", more_than = "3/4" }] }]
        notice = "1 day"
        voting = "1 week"
        waiting = "14 days"
        method = "yes_no_abstain"
        blocks = true
        extension = "1 hour"
        revoting = "final"
        secrecy = "sealed"
        tie = "does_not_carry"
        meanwhile = "excluded"
        sponsors = 2
        seconders = 3
        requisition = "1/10"
        venue = "assembly"

        [rule.weighting]
        kind = "tiers"
        fact = "dues"
        tiers = [{ from_number = 0, weight = 1 }, { from_number = "5/2", weight = "3/2" }]
        floor = 1
        cap = 3
        cap_share = "1/4"
        country_cap_share = "1/3"
        ceilings = [{ categories = ["associate"], at_most = "1/3" }]

        [rule.confirmation]
        after = "14 days"
        voting = "7 days"
        quorum = [{ counts = "present", of = "entitled", at_least = "1/3" }]
        majority = [{ of = "yes+no", more_than = "1/2" }]
        """,
        built=False,
    ).rules[0]
    assert rule == Rule(
        matter=rule.matter,
        entitled=Entitled(categories=("full", "associate"), good_standing=False, member_for=timedelta(days=14)),
        calls=(
            Call(
                quorum=(
                    Requirement(of="entitled", at_least=F(1, 2)),
                    Requirement(measure="cooperators", at_least_number=F(25)),
                )
            ),
            Call(after=timedelta(hours=48), quorum=(Requirement(all_but=2),)),
            Call(after=timedelta(minutes=30)),
        ),
        majority=(
            Requirement(
                any_of=(
                    Requirement(counts="no", at_most_number=F(0)),
                    Requirement(of="ballots", more_than=F(3, 4)),
                )
            ),
        ),
        notice=timedelta(days=1),
        voting=timedelta(days=7),
        waiting=timedelta(days=14),
        weighting=Weighting(
            kind="tiers",
            fact="dues",
            tiers=(Tier(from_number=F(0), weight=F(1)), Tier(from_number=F(5, 2), weight=F(3, 2))),
            floor=F(1),
            cap=F(3),
            cap_share=F(1, 4),
            country_cap_share=F(1, 3),
            ceilings=(Ceiling(categories=("associate",), at_most=F(1, 3)),),
        ),
        blocks=True,
        confirmation=Confirmation(
            after=timedelta(days=14),
            voting=timedelta(days=7),
            quorum=(Requirement(counts="present", of="entitled", at_least=F(1, 3)),),
            majority=(Requirement(of="yes+no", more_than=F(1, 2)),),
        ),
        extension=timedelta(hours=1),
        revoting="final",
        secrecy="sealed",
        meanwhile="excluded",
        sponsors=2,
        seconders=3,
        requisition=F(1, 10),
        venue="assembly",
    )
    assert decoder_for(Rule)(encode(rule)) == rule


@pytest.mark.parametrize(
    ("matter", "said", "wanted"),
    [
        ("charter", 'waiting = "14 days"\nchallenge = "1/5"', {"waiting": timedelta(days=14), "challenge": F(1, 5)}),
        ("resolution.urgent", 'provisional = "20 days"', {"provisional": timedelta(days=20)}),
        ("resolution.routine", "liftable = true", {"liftable": True}),
        ("rules", 'revoting = "final"\nearly_close = true', {"revoting": "final", "early_close": True}),
    ],
)
def test_what_fits_only_some_matters_can_be_said_there(matter: str, said: str, wanted: dict[str, Any]) -> None:
    plain = f"""
        [[rule]]
        matter = "{matter}"
        calls = [{{}}]
        majority = [{{ of = "yes+no", more_than = "1/2" }}]
        notice = "7 days"
        voting = "7 days"
        """
    rule = read(plain + said).rules[0]
    assert {name: getattr(rule, name) for name in wanted} == wanted


def test_a_whole_number_is_written_with_quotes_or_without() -> None:
    weighting = '[rule.weighting]\nkind = "by_category"\ncategories = [{{ category = "full", weight = {} }}]\n'
    wanted = Weighting(kind="by_category", categories=(CategoryWeight(category="full", weight=F(3)),))
    assert one(weighting.format(3)).weighting == one(weighting.format('"3"')).weighting == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("30 minutes", timedelta(minutes=30)),
        ("1 hour", timedelta(hours=1)),
        ("48 hours", timedelta(days=2)),
        ("1 day", timedelta(days=1)),
        ("14days", timedelta(days=14)),
        ("2 weeks", timedelta(days=14)),
        ("0 days", timedelta()),
    ],
)
def test_durations_are_spelled_for_people(text: str, wanted: timedelta) -> None:
    assert one(f'waiting = "{text}"').waiting == wanted


def test_provisions_and_offices_are_read() -> None:
    rulebook = read(
        """
        [provisions]
        categories = ["full", "observer"]
        census = ["01-15", "07-01"]
        contest_window = "20 days"
        support_within = "60 days"
        restoration_notice = "14 days"

        [[office]]
        id = "secretary"
        title = "Secretaría"
        powers = ["record_standing", "redact_texts"]
        seats = 3
        term = "104 weeks"
        """
    )
    assert rulebook.provisions == Provisions(
        categories=("full", "observer"),
        census=("01-15", "07-01"),
        contest_window=timedelta(days=20),
        support_within=timedelta(days=60),
        restoration_notice=timedelta(days=14),
    )
    assert rulebook.offices == (
        Office(
            id=OfficeId("secretary"),
            title="Secretaría",
            powers=("record_standing", "redact_texts"),
            seats=3,
            term=timedelta(days=728),
        ),
    )


def test_a_key_that_is_nearly_right_is_suggested_and_others_are_listed() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read(PLAIN + 'wating = "1 day"\nxyz = 1\n')
    near, far = (problem.detail for problem in refused.value.problems)
    assert "Did you mean waiting?" in near
    assert "There are: matter, entitled," in far


def test_what_is_refused_is_told_with_its_place() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read(PLAIN.replace('"1/2"', "0.5"))
    assert str(refused.value.problems[0]) == (
        "rulebook.toml: rule on resolution, majority 1, more_than: 0.5 is a number with a decimal point, which computers round. "
        'Write an exact number in quotes, such as "2/3" or "12". [float_refused]'
    )


def test_a_file_over_five_mebibytes_is_refused_unread() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_rulebook(b"#" * (5 * 1024 * 1024 + 1))
    assert [problem.code for problem in refused.value.problems] == ["file_too_large"]


@given(st.binary(max_size=60), st.integers(0, 4000))
def test_random_bytes_within_a_good_file_are_read_or_refused(data: bytes, at: int) -> None:
    good = default_rulebook()
    try:
        rulebook = read_rulebook(good[:at] + data + good[at:])
    except FoundingFileRefused as refused:
        assert refused.problems
    else:
        assert rulebook.rules


TOML = st.recursive(
    st.sampled_from(('"7 days"', '"1/2"', "3", "0.5", "true", "2026-11-22", '"full"', '"resolution"', "-1", '""')),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(("quorum", "after", "of", "at_least", "any_of", "kind", "tiers", "categories")),
            inner,
            max_size=3,
        ).map(lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(Rule.__struct_fields__), TOML, max_size=6))
def test_whatever_a_rule_is_given_it_is_read_or_refused(changes: dict[str, str]) -> None:
    fields = {
        "matter": '"resolution"',
        "calls": "[{}]",
        "majority": "[{ at_least_number = 1 }]",
        "notice": '"1 day"',
        "voting": '"1 day"',
    }
    text = "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in (fields | changes).items())
    try:
        (rule,) = read(text).rules
    except FoundingFileRefused as refused:
        assert refused.problems
    else:
        assert decoder_for(Rule)(encode(rule)) == rule
