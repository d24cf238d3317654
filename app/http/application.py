"""The application: every route, what they share, and how it is described (OpenAPI 3.1)."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from fractions import Fraction
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme
from litestar.types import ControllerRouterHandler, Scope
from msgspec import structs

from app.http.asking import provide_asking
from app.http.described import DescribedStructs
from app.http.description import Config
from app.http.exact_types import ExactTypes
from app.http.person import account_of, provide_person
from app.http.problems import HANDLERS
from app.http.reference import PLUGINS, STYLE
from app.http.routes import ROUTES
from app.http.serving import provide_service
from app.http.surroundings.around import Around, Rules
from app.http.surroundings.metrics import count_batch
from app.http.surroundings.security_headers import page_policy
from app.services.health import Health
from app.services.serving import Service
from governance.canonical import to_text

LARGEST_BODY: Final = 1_048_576
"""Bytes of a request's body at most."""
Open = Callable[[], AbstractAsyncContextManager[Service]]


def create_app(
    open_service: Open,
    *,
    routes: tuple[ControllerRouterHandler, ...] = ROUTES,
    rules: Rules = Rules(),  # noqa: B008 - frozen
) -> Litestar:
    """The application that serves what `open_service` opens, once, when the server starts.

    `rules` are for what surrounds each request.
    """

    def identify(scope: Scope) -> str | None:
        service = app.state.get("service")
        return None if service is None else account_of(scope, service)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_service() as service:
            app.state.service = service
            service.ledger.watched_by(count_batch)
            yield

    app = Litestar(
        route_handlers=routes,
        lifespan=[lifespan],
        dependencies={
            "service": Provide(provide_service, sync_to_thread=False),
            "asking": Provide(provide_asking),
            "person": Provide(provide_person),
        },
        exception_handlers=HANDLERS,
        openapi_config=_description(),
        request_max_body_size=LARGEST_BODY,
        type_encoders={Fraction: to_text},
        plugins=[ExactTypes(), DescribedStructs()],
        state=State({"health": Health()}),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    # Litestar's own middleware stands behind its router: what that refuses would not pass through it.
    policies = {**rules.page_policies, "/api": page_policy(STYLE)}
    app.asgi_handler = Around(app.asgi_handler, structs.replace(rules, page_policies=policies), identify=identify)
    return app


def _description() -> OpenAPIConfig:
    return Config(
        title="Rochdale",
        version="1",
        summary="A federation of cooperatives governs itself",
        description=(
            "Everything the federation decides stands in a signed, append-only log. Reading follows the federation's own rule; "
            "what is recorded comes with a receipt, which proves that it stands in the log. Every refusal is a problem document "
            "(RFC 9457) with a permanent `code`."
        ),
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        path="/api",
        render_plugins=PLUGINS,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )
