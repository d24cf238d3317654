"""What the HTTP layer itself refuses, beside what lies below it."""

from governance.errors import Refusal, RochdaleError


class RequestInvalid(Refusal):
    """This request is not one that can be answered."""

    code = "request_invalid"


class ParameterInvalid(Refusal):
    """A parameter of the address or of the query has another type or value than it can have."""

    code = "parameter_invalid"


class AddressUnknown(Refusal):
    """There is nothing at this address."""

    code = "address_unknown"


class MethodNotAllowed(Refusal):
    """This address does not take this method."""

    code = "method_not_allowed"


class BodyTooLarge(Refusal):
    """The body of the request is too large."""

    code = "body_too_large"


class TooManyRequests(Refusal):
    """Too many requests came from here within a short time."""

    code = "too_many_requests"


class IdempotencyKeyMissing(Refusal):
    """What is to be recorded comes with an idempotency key."""

    code = "idempotency_key_missing"


class IdempotencyKeyInvalid(Refusal):
    """This is not an idempotency key."""

    code = "idempotency_key_invalid"


class MandateHeaderInvalid(Refusal):
    """The header that names the mandate to act with is not a mandate's id."""

    code = "mandate_header_invalid"


class Fault(RochdaleError):
    """The service failed."""

    code = "fault"
