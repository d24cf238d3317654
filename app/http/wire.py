"""Small bodies and answers that several rooms of the API share."""

from typing import Annotated

from msgspec import Meta

from app.services.texts import LONGEST_TEXT
from governance.value import Value

Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


class Reason(Value):
    """A reason, kept beside the log."""

    reason: Text | None = None


class NeededReason(Value):
    """A reason, kept beside the log. It has to be given."""

    reason: Text


class Said(Value):
    """A text, kept beside the log."""

    text: Text
