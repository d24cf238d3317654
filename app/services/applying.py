"""Applications: a coop asks to become a member. They are rows until a member coop makes a proposal of one (decision 4)."""

import hashlib
from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from piccolo.querystring import QueryString

from app.services.accounts.addresses import address_of
from app.services.accounts.throttling import Limit, bucket, charge, network_of
from app.services.proposed_effects import Address
from app.services.serving import Service
from app.services.texts import LONGEST_COMMENT, TextTooLong
from governance.errors import Refusal
from governance.ids import CoopId, ProposalId
from governance.instants import Instant, later
from governance.names import check_name
from governance.register import check_country, check_number, check_services
from governance.value import Value

Status = Literal["open", "proposed", "withdrawn", "closed"]
_ONE_NETWORK: Final = Limit(burst=10, every=timedelta(minutes=10))
_TOKEN: Final = 32
_KEPT: Final = timedelta(days=180)
"""How long an application waits for a coop that proposes it. Once it is closed, whom to write to is erased at once."""


class ApplicationUnknown(Refusal):
    """There is no such application."""

    code = "application_unknown"


class ApplicationClosed(Refusal):
    """This application is not open any more."""

    code = "application_closed"


class ApplicationForeign(Refusal):
    """This application is another coop's."""

    code = "application_foreign"


class Applicant(Value):
    """What a coop says of itself. `coop` is set where it was a member before."""

    name: str
    country: str
    category: str
    cooperators: int
    services: tuple[str, ...] = ()
    website: Annotated[str, Meta(max_length=200)] | None = None
    coop: CoopId | None = None


class Form(Value):
    """The application form: the coop, why it wants to be a member (in Markdown), and whom to write to."""

    applicant: Applicant
    text: str
    person: Annotated[str, Meta(min_length=1, max_length=120)]
    email: Address
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] = "en"


class Received(Value):
    """An application was received. With the token the applicant looks at it again, or withdraws it; it is shown once."""

    id: str
    token: str

    def __repr__(self) -> str:
        """Without the token."""
        return f"Received(id={self.id!r})"


class Application(Value):
    """An application. `person` and `email` are whom to write to; null once it is closed, and for those who need not know."""

    id: str
    created: Instant
    status: Status
    applicant: Applicant
    text: str
    language: str
    proposal: ProposalId | None = None
    person: str | None = None
    email: str | None = None


async def apply(service: Service, form: Form, *, network: str) -> Received:
    """Take an application.

    Raises:
        NameRefused, FactInvalid: the coop's name, country, number or services could not be registered.
        TextTooLong: the text is empty or over-long.
        AddressInvalid: this is no e-mail address.
        TooManyAttempts: too many came from this network.
    """
    _check(form)
    email = address_of(form.email)
    await charge(service.accounts, bucket(service.accounts, _ONE_NETWORK, "application", network_of(network)))
    received = Received(id=f"ap-{service.randomness(16).hex()}", token=service.randomness(_TOKEN).hex())
    await service.engine.run_querystring(
        QueryString(
            'INSERT INTO "application" ("id", "hash", "created", "status", "coop", "text", "language", "person", "email") '
            "VALUES ({}, {}, {}, 'open', {}, {}, {}, {}, {})",
            received.id,
            _hashed(received.token),
            service.clock(),
            msgspec.json.encode(form.applicant).decode(),
            form.text,
            form.language,
            form.person,
            email,
        )
    )
    return received


async def list_applications(
    service: Service, status: Status, before: str | None, limit: int
) -> tuple[Application, ...]:
    """The applications at a status, the newest first, from the one after `before` on."""
    # No text is said to stand after all others: databases order letters as they are set up to.
    after = ""
    place: tuple[str | None, ...] = ()
    if before is not None:
        row = await _row(service, '"id" = {}', before)
        after, place = 'AND ("created", "id") < ({}, {}) ', (row["created"], row["id"])
    rows = await service.engine.run_querystring(
        QueryString(
            f'SELECT * FROM "application" WHERE "status" = {{}} {after}ORDER BY "created" DESC, "id" DESC LIMIT {{}}',  # noqa: S608 - ours
            status,
            *place,
            limit,
        )
    )
    return tuple(_application(row) for row in rows)


async def read_application(service: Service, application: str) -> Application:
    """An application with whom to write to, for members.

    Raises:
        ApplicationUnknown: there is none such.
    """
    return _application(await _row(service, '"id" = {}', application))


async def look_at_own(service: Service, token: str) -> Application:
    """One's own application, by its token; refuses as `read_application`."""
    return _application(await _row(service, '"hash" = {}', _hashed(token)))


async def withdraw_own(service: Service, token: str) -> Application:
    """Withdraw one's own application, by its token. Whom to write to is erased.

    Raises:
        ApplicationUnknown: there is none such.
        ApplicationClosed: it is not open: a proposal was made of it, or it was withdrawn.
    """
    found = await look_at_own(service, token)
    rows = await service.engine.run_querystring(
        QueryString(
            'UPDATE "application" SET "status" = \'withdrawn\', "closed" = {}, "person" = NULL, "email" = NULL '
            'WHERE "id" = {} AND "status" = \'open\' RETURNING *',
            service.clock(),
            found.id,
        )
    )
    if not rows:
        raise ApplicationClosed("A proposal was made of this application already, or it was withdrawn.")
    return _application(rows[0])


async def contact_of(service: Service, application: str, *, name: str) -> str | None:
    """Whom to write to about an application that the admission of a coop is made of, or None where that was erased.

    Raises:
        ApplicationUnknown: there is none such.
        ApplicationClosed: it was withdrawn, or waited too long.
        ApplicationForeign: it is that of another coop.
    """
    found = await read_application(service, application)
    if found.applicant.name != name:
        raise ApplicationForeign(
            f"The application is that of {found.applicant.name}. Propose that coop, under its name."
        )
    if found.status not in ("open", "proposed"):
        raise ApplicationClosed("The coop withdrew this application, or nobody proposed it in time. Ask the coop.")
    return found.email


async def note_proposal(service: Service, application: str, proposal: ProposalId) -> None:
    """Note which proposal was made of an application: the latest, where there are several."""
    await service.engine.run_querystring(
        QueryString(
            'UPDATE "application" SET "status" = \'proposed\', "proposal" = {}, "closed" = {} WHERE "id" = {}',
            proposal,
            service.clock(),
            application,
        )
    )


async def forget_old(service: Service) -> None:
    """Close what nobody proposed in half a year, and erase whom to write to where it is not needed any more."""
    now = service.clock()
    await service.engine.run_querystring(
        QueryString(
            'UPDATE "application" SET "status" = \'closed\', "closed" = {}, "person" = NULL, "email" = NULL '
            'WHERE "status" = \'open\' AND "created" < {}',
            now,
            later(now, -_KEPT),
        )
    )
    await service.engine.run_querystring(
        QueryString(
            'UPDATE "application" SET "person" = NULL, "email" = NULL WHERE "email" IS NOT NULL AND "proposal" IN '
            "(SELECT \"id\" FROM \"proposal\" WHERE \"stage\" IN ('in_force', 'rejected', 'lapsed', 'withdrawn'))"
        )
    )


async def _row(service: Service, condition: str, value: str) -> dict[str, str | None]:
    rows = await service.engine.run_querystring(
        QueryString(f'SELECT * FROM "application" WHERE {condition}', value)  # noqa: S608 - ours
    )
    if not rows:
        raise ApplicationUnknown("There is no such application. It may have been mistyped.")
    row: dict[str, str | None] = rows[0]
    return row


def _application(row: dict[str, str | None]) -> Application:
    return msgspec.convert(
        {
            **{
                name: row[name]
                for name in ("id", "created", "status", "text", "language", "proposal", "person", "email")
            },
            "applicant": msgspec.json.decode(str(row["coop"])),
        },
        Application,
    )


def _check(form: Form) -> None:
    check_name(form.applicant.name)
    check_country(form.applicant.country)
    check_number("cooperators", Fraction(form.applicant.cooperators))
    check_services(form.applicant.services)
    size = len(form.text.encode())
    if not form.text.strip() or size > LONGEST_COMMENT:
        raise TextTooLong(f"Say in 1 to {LONGEST_COMMENT:,} bytes why you want to be a member. These are {size:,}.")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
