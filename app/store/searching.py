"""How a text is searched by: without accents, capitals and other differences that people who type do not make."""

import unicodedata


def folded(text: str) -> str:
    """A text as it is compared in a search, in the order of which lists are sorted too."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(one for one in parts if not unicodedata.combining(one)))


def like(text: str) -> str:
    """A pattern for `LIKE … ESCAPE '!'` that finds a text anywhere."""
    for special in "!%_":
        text = text.replace(special, f"!{special}")
    return f"%{text}%"
