"""Every page, in one list, and what each may load."""

from typing import Final

from litestar.types import ControllerRouterHandler

from app.pages.files import get_file
from app.pages.front import POLICY, get_front

PAGES: Final[tuple[ControllerRouterHandler, ...]] = (get_front, get_file)
POLICIES: Final = {"/": POLICY}
