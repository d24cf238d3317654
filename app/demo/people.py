"""Who can sign in to a demo: a few invented people, invited and accepted as anybody is, all with one printed password."""

from collections.abc import Mapping
from typing import Final

from app.clock import Clock
from app.security.passwords import Parameters
from app.services.accounts.accepting import accept
from app.services.accounts.inviting import invite
from app.services.serving import serving
from app.settings import Settings
from governance.ids import CoopId, MandateId
from governance.value import Value

PASSWORD: Final = "one coop, one vote, since 1844"  # noqa: S105 - as the next line says
"""Everybody's password. It is printed, so it protects nothing: a demo is not for what is real."""
_CHEAP: Final = Parameters(passes=1, memory=1_024, lanes=1)
"""What is printed needs no costly hash."""


class Figure(Value):
    """Somebody invented: `coop` is None for whoever holds the secretary's office."""

    name: str
    role: str
    coop: CoopId | None

    @property
    def address(self) -> str:
        """What they sign in with."""
        return f"{self.name.lower()}@demo.example"


FIGURES: Final = (
    Figure(name="Ana", role="delegate", coop=CoopId("c1")),
    Figure(name="Bruno", role="steward", coop=CoopId("c1")),
    Figure(name="Carla", role="delegate", coop=CoopId("c4")),
    Figure(name="Dani", role="steward", coop=CoopId("c4")),
    Figure(name="Elena", role="delegate", coop=CoopId("c9")),
    Figure(name="Franco", role="steward", coop=CoopId("c9")),
    Figure(name="Sol", role="secretary", coop=None),
)
"""The people of the demo."""


async def let_in(settings: Settings, mandates: Mapping[Figure, MandateId], clock: Clock) -> None:
    """Make an account for each of these people, and bind their mandate to it."""
    async with serving(settings, clock=clock, passwords=_CHEAP) as service:
        for figure, mandate in mandates.items():
            invited = await invite(service.accounts, mandate=mandate, address=figure.address)
            await accept(
                service.accounts,
                token=invited.token,
                password=PASSWORD,
                name=figure.name,
                language="en",
                time_zone="UTC",
                device="demo",
                network="127.0.0.1",
            )


def welcome(url: str) -> list[str]:
    """Where a served demo is looked at, and who can sign in to it."""
    people = [f"  {figure.address:<22}{figure.role}{f' of {figure.coop}' if figure.coop else ''}" for figure in FIGURES]
    return [
        "",
        f"Look at it:  {url}",
        f"  the API    {url}/api",
        "Who can sign in, with the password",
        f"  {PASSWORD}",
        *people,
        "Ctrl-C stops it.",
    ]
