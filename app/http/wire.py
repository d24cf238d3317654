"""Small bodies and answers that several rooms of the API share."""

from typing import Annotated, Final

from msgspec import Meta

from governance.value import Value

MOST_TEXT: Final = 200_000

Text = Annotated[str, Meta(min_length=1, max_length=MOST_TEXT)]


class Reason(Value):
    """A reason, kept beside the log."""

    reason: Text | None = None


class NeededReason(Value):
    """A reason, kept beside the log. It has to be given."""

    reason: Text


class Said(Value):
    """A text, kept beside the log."""

    text: Text
