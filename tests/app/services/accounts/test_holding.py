from typing import Any

import pytest

from app.security.people import AccountId
from app.services.accounts.accepting import bind
from app.services.accounts.holding import ActingUnsaid, NotActing, acting, holdings
from app.services.accounts.inviting import invite
from app.store.tables import Mandate
from governance.ids import CoopId, MandateId, OfficeId
from governance.instants import Instant
from tests.app.ledger.small_federation import START
from tests.app.services.accounts.people import People, person

pytestmark = pytest.mark.anyio
SOON = Instant("2026-03-02T00:00:00.000000Z")
ONE, TWO = CoopId("c1"), CoopId("c2")


async def holding_all(people: People, *mandates: MandateId) -> AccountId:
    """Somebody who holds all of these."""
    first, *more = mandates
    ana = await people.enrol(mandate=first)
    for mandate in more:
        invited = await invite(people.accounts, mandate=mandate, address="ana@coop.example")
        await bind(people.accounts, person(ana), invited.token)
    return ana.account


async def test_roles_are_those_of_the_log_at_this_moment(people: People) -> None:
    delegate = await people.mandate("delegate", ends=SOON)
    officer = await people.mandate("officer", office="board", starts=SOON)
    account = await holding_all(people, delegate, officer)
    before = {one.mandate: one.in_force for one in await holdings(people.accounts, account)}
    people.clock.move(days=1)
    after = {one.mandate: one.in_force for one in await holdings(people.accounts, account)}
    assert before == {delegate: True, officer: False}
    assert after == {delegate: False, officer: True}


async def test_who_acts_does_so_with_the_mandate_that_fits(people: People) -> None:
    mandates = [
        await people.mandate("steward"),
        await people.mandate("delegate"),
        await people.mandate("delegate", coop="c2"),
        await people.mandate("officer", office="board"),
    ]
    account = await holding_all(people, *mandates)
    accounts = people.accounts
    assert await acting(accounts, account, roles=["steward"]) == mandates[0]
    assert await acting(accounts, account, roles=["delegate"], coop=ONE) == mandates[1]
    assert await acting(accounts, account, roles=["delegate"], coop=TWO) == mandates[2]
    assert await acting(accounts, account, roles=["delegate"], mandate=mandates[2]) == mandates[2]
    assert await acting(accounts, account, roles=["officer"], office=OfficeId("board")) == mandates[3]
    assert await acting(accounts, account, roles=["delegate", "steward"], coop=ONE) in mandates[:2]


async def test_who_could_act_for_several_has_to_say_for_whom(people: People) -> None:
    account = await holding_all(people, await people.mandate(), await people.mandate(coop="c2"))
    with pytest.raises(ActingUnsaid, match="Alerce, Bruma"):
        await acting(people.accounts, account, roles=["delegate"])


async def test_nobody_acts_with_what_they_do_not_hold(people: People) -> None:
    own, foreign = await people.mandate(), await people.mandate()
    account = await holding_all(people, own)
    await people.enrol("ben@coop.example", foreign)
    accounts = people.accounts
    cases: list[dict[str, Any]] = [
        {"roles": ["delegate"], "mandate": foreign},
        {"roles": ["steward"]},
        {"roles": ["delegate"], "coop": TWO},
        {"roles": ["delegate"], "office": OfficeId("board")},
        {"roles": []},
    ]
    for case in cases:
        with pytest.raises(NotActing):
            await acting(accounts, account, **case)


async def test_a_mandate_that_was_revoked_gives_nothing(people: People) -> None:
    mandate = await people.mandate()
    account = await holding_all(people, mandate)
    await Mandate.update({Mandate.ends: START}).where(Mandate.id == mandate)
    with pytest.raises(NotActing):
        await acting(people.accounts, account, roles=["delegate"])
