"""Joining: invitations to a mandate, and setting a forgotten password. Tokens travel in bodies, never in addresses."""

from typing import Annotated, Any, Final

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from app.http.client import network_of
from app.http.person import BEARER
from app.http.signing_in import NO_STORE, Keep, Secret, Tokens, tokens_answer
from app.http.strict_body import StrictBody
from app.security.people import Person
from app.services.accounts.accepting import Invitation, accept, bind, look_at
from app.services.accounts.holding import Holding
from app.services.accounts.inviting import invite_as
from app.services.accounts.resetting import request_reset, reset
from app.services.proposed_effects import Address
from app.services.serving import Service
from governance.ids import MandateId
from governance.instants import Instant
from governance.value import Value

_TAGS: Final = ["joining"]


class Link(Value):
    """The token of an invitation's link."""

    token: Secret


class Acceptance(Value):
    """The token of an invitation's link, and the account that is to be made."""

    token: Secret
    password: Secret
    name: Annotated[str, Meta(max_length=120)]
    language: Annotated[str, Meta(max_length=20)] = "en"
    time_zone: Annotated[str, Meta(max_length=60)] = "UTC"
    device: Annotated[str, Meta(max_length=80)] = ""
    keep: Keep = "body"


class Addressee(Value):
    """Whom to invite."""

    address: Address
    language: Annotated[str, Meta(max_length=20)] | None = None


class InvitationSent(Value):
    """The token of the link, shown once, here. It was sent by mail too."""

    mandate: MandateId
    token: str
    expires: Instant


class Forgotten(Value):
    """The e-mail address of the account."""

    email: Annotated[str, Meta(max_length=254)]


class Reset(Value):
    """The token of the mailed link, and the new password."""

    token: Secret
    password: Secret


@post(
    "/api/v1/invitations/look",
    tags=_TAGS,
    operation_id="lookAtInvitation",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
)
async def look(data: JSONBody[Link], service: NamedDependency[Service]) -> Response[Invitation]:
    """See what an invitation is for."""
    return Response(await look_at(service.accounts, data.token), headers=NO_STORE)


@post("/api/v1/invitations/accept", tags=_TAGS, operation_id="acceptInvitation", dto=StrictBody, return_dto=None)
async def accept_invitation(
    data: JSONBody[Acceptance], request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Tokens]:
    """Accept an invitation with a new account, and sign in."""
    signed_in = await accept(
        service.accounts,
        token=data.token,
        password=data.password,
        name=data.name,
        language=data.language,
        time_zone=data.time_zone,
        device=data.device,
        network=network_of(request),
    )
    return tokens_answer(signed_in, data.keep, 201)


@post(
    "/api/v1/invitations/bind",
    tags=_TAGS,
    operation_id="bindInvitation",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def bind_invitation(
    data: JSONBody[Link], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Holding:
    """Accept an invitation with the account you have."""
    return await bind(service.accounts, person, data.token)


@post(
    "/api/v1/mandates/{mandate:str}/invitation",
    tags=_TAGS,
    operation_id="inviteToMandate",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def invite(
    mandate: FromPath[str],
    data: JSONBody[Addressee],
    service: NamedDependency[Service],
    person: NamedDependency[Person],
) -> Response[InvitationSent]:
    """Invite somebody to hold a mandate of your coop, as its steward. An earlier invitation is no longer good."""
    invited = await invite_as(
        service.accounts, person, mandate=MandateId(mandate), address=data.address, language=data.language
    )
    sent = InvitationSent(mandate=invited.mandate, token=invited.token, expires=invited.expires)
    return Response(sent, headers=NO_STORE)


@post(
    "/api/v1/password-resets", tags=_TAGS, operation_id="requestReset", dto=StrictBody, return_dto=None, status_code=204
)
async def ask_for_reset(
    data: JSONBody[Forgotten], request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> None:
    """Ask for a link to set a new password. The answer is the same whether there is such an account or not."""
    await request_reset(service.accounts, email=data.email, network=network_of(request))


@post(
    "/api/v1/password-resets/use",
    tags=_TAGS,
    operation_id="resetPassword",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
)
async def use_reset(data: JSONBody[Reset], request: Request[Any, Any, Any], service: NamedDependency[Service]) -> None:
    """Set a new password with the token of the link. All sessions end."""
    await reset(service.accounts, token=data.token, password=data.password, network=network_of(request))


JOINING: Final[tuple[ControllerRouterHandler, ...]] = (
    look,
    accept_invitation,
    bind_invitation,
    invite,
    ask_for_reset,
    use_reset,
)
