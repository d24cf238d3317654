from tests.app.http.conftest import anyio_backend, founded, voting

__all__ = ["anyio_backend", "founded", "voting"]
