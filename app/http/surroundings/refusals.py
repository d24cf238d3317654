"""What is refused before a request reaches its route."""

from governance.errors import Refusal


class HostUnknown(Refusal):
    """This service does not answer under that host name."""

    code = "host_unknown"


class AddressTooLong(Refusal):
    """The address of the request is too long."""

    code = "address_too_long"
