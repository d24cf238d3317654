"""What Piccolo asks its configuration for. PICCOLO_CONF=app.store.piccolo_conf names it, so that the root needs no file."""

from piccolo.conf.apps import AppRegistry

from app.store.engines import AnyEngine, bound

APP_REGISTRY = AppRegistry(apps=["app.store.piccolo_app"])


def __getattr__(name: str) -> AnyEngine:
    """`DB` is made when it is first asked for: importing this reads no settings and opens nothing."""
    if name == "DB":
        return bound()
    raise AttributeError(name)
