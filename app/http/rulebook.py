"""The rulebook: rules, general provisions and offices."""

from typing import Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from app.http.charter import Version
from app.http.etags import Tagged
from app.http.pages import At
from app.services.reading import offices, rulebook
from app.services.reading.offices import OfficesView, OfficeView
from app.services.reading.rulebook import MatterView, ProvisionsView, RulesView
from app.services.serving import Service


@get("/api/v1/rules", tags=["rules"], operation_id="listRules")
async def list_rules(service: NamedDependency[Service], at: At = None) -> Tagged[RulesView]:
    """List the rules in force.

    Each as data and in words. A matter without a rule of its own falls under the one above it: `charter.article.x` under
    `charter`.
    """
    return Tagged(await rulebook.list_rules(service, at))


@get("/api/v1/rules/{matter:str}", tags=["rules"], operation_id="getRule")
async def get_rule(service: NamedDependency[Service], matter: FromPath[str], at: At = None) -> Tagged[MatterView]:
    """Get the rule on a matter, with its versions.

    With what each version changed, in words. `of` says under which matter's rule this one falls.
    """
    return Tagged(await rulebook.read_matter(service, matter, at))


@get("/api/v1/provisions", tags=["rules"], operation_id="getProvisions")
async def get_provisions(
    service: NamedDependency[Service], version: Version = None, at: At = None
) -> Tagged[ProvisionsView]:
    """Get the general provisions.

    What holds for every matter: categories of membership, census days, periods, and who may read the log.
    """
    return Tagged(await rulebook.read_provisions(service, version=version, at=at))


@get("/api/v1/offices", tags=["offices"], operation_id="listOffices")
async def list_offices(service: NamedDependency[Service]) -> Tagged[OfficesView]:
    """List the offices.

    With the powers that each has without a vote, and the mandates by which it is held now.
    """
    return Tagged(await offices.list_offices(service))


@get("/api/v1/offices/{office:str}", tags=["offices"], operation_id="getOffice")
async def get_office(service: NamedDependency[Service], office: FromPath[str]) -> Tagged[OfficeView]:
    """Get an office."""
    return Tagged(await offices.read_office(service, office))


RULEBOOK: Final[tuple[ControllerRouterHandler, ...]] = (
    list_rules,
    get_rule,
    get_provisions,
    list_offices,
    get_office,
)
