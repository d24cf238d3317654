"""Asking over HTTP: who asks, with which mandate, under which idempotency key."""

import hashlib
import re
from typing import Annotated, Any, Final

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from app.http.person import claimed_person
from app.http.refusals import IdempotencyKeyInvalid, IdempotencyKeyMissing, MandateHeaderInvalid
from app.http.strict_body import BodyInvalid
from app.services.asking import Asking
from app.services.asking import Request as Asked
from app.services.serving import Service
from governance.ids import MANDATE_PATTERN, MandateId

_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)
_MANDATE: Final = re.compile(MANDATE_PATTERN, re.ASCII)

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description=(
            "8 to 128 printable ASCII characters, new for each thing that is asked, such as a random UUID. The same request "
            "under the same key gets the first answer again, for 30 days: so a lost answer can be asked for without fear. Needed."
        ),
    ),
]
ActingMandate = Annotated[
    str | None,
    HeaderParameter(
        name="Rochdale-Mandate",
        description="The mandate to act with, where somebody holds several that would do.",
    ),
]


async def provide_asking(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    idempotency_key: IdempotencyKey = None,
    acting_mandate: ActingMandate = None,
) -> Asking:
    """Somebody who asks for something to be recorded.

    Raises:
        TokenRefused: nobody is signed in.
        IdempotencyKeyMissing, IdempotencyKeyInvalid, MandateHeaderInvalid: the headers do not fit.
    """
    person = claimed_person(request, service)
    if idempotency_key is None:
        raise IdempotencyKeyMissing("Send the header Idempotency-Key with a new random value, such as a UUID.")
    if not _KEY.fullmatch(idempotency_key):
        raise IdempotencyKeyInvalid("An idempotency key is 8 to 128 printable ASCII characters. Use a random UUID.")
    if acting_mandate is not None and not _MANDATE.fullmatch(acting_mandate):
        raise MandateHeaderInvalid("The header Rochdale-Mandate names a mandate as the list of your mandates does.")
    operation = str(request.route_handler.operation_id)
    body = await request.body()
    if body and request.route_handler.parsed_data_field is None:
        raise BodyInvalid("This takes no body. Leave it out.")
    fingerprint = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode() + body)
    return Asking(
        service,
        person,
        Asked(operation=operation, key=idempotency_key, fingerprint=fingerprint.hexdigest()),
        None if acting_mandate is None else MandateId(acting_mandate),
    )
