from typing import Any

import pytest

from governance.commands import founding as ask
from governance.commands import register
from governance.errors import RochdaleError
from governance.facts.founding import FoundingClosed, LogGenesis
from governance.ids import FEDERATION, OPERATOR, CoopId, MandateId
from governance.instants import Instant, later
from governance.log.keys import KeyType, SigningKey, format_verifier_key
from governance.provisions import Provisions
from tests.governance.acting import refused
from tests.governance.deciding.foundings import Founding, coop, founding, mandate, until, without
from tests.governance.world import DAY, KEY, ORIGIN, World

CLOSE = ask.CloseFounding()
STEPS = founding()


def test_a_founding_with_all_its_parts_makes_a_federation() -> None:
    world = Founding()
    digest = world.state.founding
    assert not world.state.founded
    assert world.write(CLOSE) == FoundingClosed(digest=digest)
    assert (world.state.founded, world.state.founding) == (True, digest)
    assert world.state.name == "Three coops"
    assert world.state.ratified_by is None


@pytest.mark.parametrize(
    "missing", ["article", "resolution", "admission", "membership", "charter", "rules", "steward 2"]
)
def test_a_founding_that_lacks_a_part_cannot_be_closed(missing: str) -> None:
    with refused("founding_incomplete"):
        without(missing).write(CLOSE)


@pytest.mark.parametrize(
    "role", [{"role": "delegate"}, {"role": "steward", "starts": Instant("2099-01-01T00:00:00.000000Z")}]
)
def test_a_delegate_or_a_steward_to_come_is_not_a_steward(role: Any) -> None:
    world = without("steward 2")
    world.write(register.GiveMandate(mandate=mandate(9), coop=CoopId("c2"), **role))
    with refused("founding_incomplete"):
        world.write(CLOSE)


def test_a_steward_whose_mandate_has_ended_meanwhile_is_none() -> None:
    world = without("steward 2")
    ends = later(world.now, DAY)
    world.write(register.GiveMandate(mandate=mandate(9), role="steward", coop=CoopId("c2"), ends=ends))
    world.wait(DAY)
    with refused("founding_incomplete"):
        world.write(CLOSE)


@pytest.mark.parametrize("count", [0, 1])
def test_a_federation_that_could_never_decide_anything_is_not_founded(count: int) -> None:
    names = [f"{what}{number}" for number in range(count + 1, 4) for what in ("c", "steward ")]
    with refused("lock_out"):
        without(*names).write(CLOSE)


@pytest.mark.parametrize("name", [name for name in STEPS if name not in ("log", "name")])
def test_nothing_is_written_before_the_log_has_begun_and_the_federation_a_name(name: str) -> None:
    wanted = {"officer": "office_unknown"}.get(name, "coop_unknown" if "steward" in name else "founding_incomplete")
    for world in (World(), until("name")):
        with refused(wanted):
            world.ask(STEPS[name], OPERATOR)


def test_the_name_comes_after_the_beginning_and_once() -> None:
    with refused("founding_incomplete"):
        World().ask(STEPS["name"], OPERATOR)
    with refused("already_founded"):
        until("article").write(STEPS["name"])


def test_a_log_begins_once() -> None:
    with refused("already_founded"):
        until("name").write(STEPS["log"])


def test_the_first_entry_names_origin_and_key_and_the_protocol() -> None:
    genesis = until("name").records[0].body
    assert genesis == LogGenesis(origin=ORIGIN, key=format_verifier_key(KEY.verifier_key), protocol=1)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "verifier_key_invalid"),
        (format_verifier_key(SigningKey(name="other.example", seed=bytes(32)).verifier_key), "founding_incomplete"),
        (
            format_verifier_key(SigningKey(name=ORIGIN, seed=bytes(32), kind=KeyType.WITNESS).verifier_key),
            "key_type_wrong",
        ),
    ],
)
def test_a_log_is_signed_by_a_log_key_of_its_own_name(key: str, code: str) -> None:
    with pytest.raises(RochdaleError) as caught:
        World().ask(ask.BeginLog(origin=ORIGIN, key=key), OPERATOR)
    assert caught.value.code == code


def test_the_name_of_the_federation_and_its_provisions_are_checked() -> None:
    for name, provisions, code in (
        (" Three coops", Provisions(), "founding_incomplete"),
        ("", Provisions(), "name_empty"),
        ("Three coops", Provisions(categories=()), "provisions_invalid"),
    ):
        with refused(code):
            until("name").write(ask.NameFederation(name=name, provisions=provisions))


def test_nothing_of_the_founding_is_written_once_it_is_closed() -> None:
    world = Founding()
    world.write(CLOSE)
    for command in (*STEPS.values(), CLOSE, coop("Delta")):
        if not isinstance(command, register.GiveMandate):
            with refused("already_founded"):
                world.write(command)
    with refused("no_mandate"):
        world.write(register.GiveMandate(mandate=mandate(9), role="steward", coop=CoopId("c1")))


@pytest.mark.parametrize("actor", [mandate(1), FEDERATION, MandateId("m-x")])
def test_only_the_operator_writes_the_founding(actor: MandateId) -> None:
    world = Founding()
    with refused("not_founded"):
        world.write(coop("Delta"), actor)
