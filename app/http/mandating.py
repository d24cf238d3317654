"""Mandates: giving and ending them, and restoring a steward."""

from typing import Final

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from app.http.person import BEARER
from app.http.recorded import Recorded, recorded
from app.http.strict_body import StrictBody
from app.services import mandating as use
from app.services.asking import Asking
from app.services.proposed_effects import Address
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.value import Value

_TAGS: Final = ["mandates"]
_COOP: Final = "/api/v1/coops/{coop:str}"


class Invitation(Value):
    """The link's token for whoever is to hold the mandate. It is shown once, here, and was also sent by mail."""

    token: str
    expires: Instant


class MandateRecorded(Recorded, frozen=True, kw_only=True):
    """A mandate stands in the log, under this id. `invitation` is null where it was accepted already."""

    mandate: MandateId
    invitation: Invitation | None


class Attestation(Value):
    """Who is to be the steward: by the mandate that another coop attested, or by e-mail address, as the first to attest."""

    steward: MandateId | None = None
    address: Address | None = None


class AttestationRecorded(Recorded, frozen=True, kw_only=True):
    """An attestation stands in the log, for this mandate."""

    steward: MandateId


@post(f"{_COOP}/mandates", tags=_TAGS, operation_id="giveMandate", security=BEARER, dto=StrictBody, return_dto=None)
async def give_mandate(
    coop: FromPath[str], data: JSONBody[use.NewMandate], asking: NamedDependency[Asking]
) -> MandateRecorded:
    """Give a mandate of your coop, as its steward, and invite whoever is to hold it."""
    mandate, invited, answer = await use.give(asking, CoopId(coop), data)
    said = recorded(answer)
    return MandateRecorded(
        mandate=mandate,
        invitation=None if invited is None else Invitation(token=invited.token, expires=invited.expires),
        seq=said.seq,
        entry=said.entry,
        receipt=said.receipt,
    )


@post("/api/v1/mandates/{mandate:str}/revocation", tags=_TAGS, operation_id="revokeMandate", security=BEARER)
async def revoke_mandate(mandate: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """End a mandate of your coop now, as its steward."""
    return recorded(await use.revoke(asking, MandateId(mandate)))


@post(
    f"{_COOP}/restorations", tags=_TAGS, operation_id="attestSteward", security=BEARER, dto=StrictBody, return_dto=None
)
async def attest_steward(
    coop: FromPath[str], data: JSONBody[Attestation], asking: NamedDependency[Asking]
) -> AttestationRecorded:
    """Attest who is to be the steward of another coop that lost its own.

    Two coops have to attest the same mandate; then all are told, and it begins after the notice unless the coop objects.
    """
    steward, answer = await use.attest_steward(asking, CoopId(coop), steward=data.steward, address=data.address)
    said = recorded(answer)
    return AttestationRecorded(steward=steward, seq=said.seq, entry=said.entry, receipt=said.receipt)


@post(f"{_COOP}/restorations/objection", tags=_TAGS, operation_id="objectRestoration", security=BEARER)
async def object_restoration(coop: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Object to the restoring of a steward of your coop: it has not lost its people."""
    return recorded(await use.object_restoration(asking, CoopId(coop)))


MANDATING: Final[tuple[ControllerRouterHandler, ...]] = (
    give_mandate,
    revoke_mandate,
    attest_steward,
    object_restoration,
)
