"""Every route of the API, in one list."""

from typing import Final

from litestar import Router
from litestar.types import ControllerRouterHandler

from app.http.applying import APPLYING
from app.http.casting import cast_ballot
from app.http.charter import CHARTER
from app.http.coops import COOPS
from app.http.drafting import DRAFTING
from app.http.federation import get_federation
from app.http.health import HEALTH
from app.http.joining import JOINING
from app.http.log import (
    get_blob,
    get_checkpoint,
    get_consistency_proof,
    get_entry,
    get_inclusion_proof,
    get_key,
    get_receipt,
)
from app.http.log_files import get_bundle, get_tile
from app.http.mandating import MANDATING
from app.http.me import ME
from app.http.polls import POLLS
from app.http.proposals import PROPOSALS
from app.http.proposing import PROPOSING
from app.http.reading_rule import log_readable, views_readable
from app.http.registering import REGISTERING
from app.http.resolutions import RESOLUTIONS
from app.http.rulebook import RULEBOOK
from app.http.signing_in import SIGNING_IN
from app.http.texts import TEXTS

LOG_PUBLIC: Final[tuple[ControllerRouterHandler, ...]] = (get_checkpoint, get_key)
"""What anybody may always ask of the log (decision 7)."""
LOG_READING: Final[tuple[ControllerRouterHandler, ...]] = (
    get_blob,
    get_bundle,
    get_consistency_proof,
    get_entry,
    get_inclusion_proof,
    get_receipt,
    get_tile,
)
"""What follows the federation's rule of reading."""
RECORDING: Final[tuple[ControllerRouterHandler, ...]] = (cast_ballot, *MANDATING, *PROPOSING, *REGISTERING)
"""What is recorded in the log, for whoever holds the mandate."""
PEOPLE: Final[tuple[ControllerRouterHandler, ...]] = (*SIGNING_IN, *JOINING, *ME)
"""People and their sessions."""
PREPARING: Final[tuple[ControllerRouterHandler, ...]] = (*APPLYING, *DRAFTING)
"""What is on its way to becoming a proposal."""
READING: Final[tuple[ControllerRouterHandler, ...]] = (
    *CHARTER,
    *COOPS,
    *POLLS,
    *PROPOSALS,
    *RESOLUTIONS,
    *RULEBOOK,
    *TEXTS,
)
"""What the service shows of the federation, which follows the federation's rule of reading."""
ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    get_federation,
    *HEALTH,
    *LOG_PUBLIC,
    Router("/", route_handlers=LOG_READING, guards=[log_readable]),
    Router("/", route_handlers=READING, guards=[views_readable]),
    *RECORDING,
    *PEOPLE,
    *PREPARING,
)
