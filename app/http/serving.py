"""How a request reaches what is served."""

from litestar.datastructures import State

from app.services.serving import Service


def provide_service(state: State) -> Service:
    """The federation that this application serves."""
    service: Service = state.service
    return service
