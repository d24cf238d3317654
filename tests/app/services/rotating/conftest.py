from tests.app.services.backing_up.conftest import clock, database, running

__all__ = ["clock", "database", "running"]
