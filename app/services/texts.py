"""Texts that people write: kept beside the log, named in it by a salted hash (decision 4)."""

from typing import Final

from app.ledger.batch import Randomness
from governance.canonical import encode
from governance.charter import ArticleContent
from governance.errors import Refusal
from governance.ids import HashText
from governance.log.blob import SALT_LENGTH, address, text_blob
from governance.value import Value

LONGEST_TEXT: Final = 200_000
"""Bytes in UTF-8 of a proposal's text or an answer to it."""
LONGEST_COMMENT: Final = 20_000
"""Bytes in UTF-8 of a comment or a reason."""
LONGEST_TITLE: Final = 200


class TextTooLong(Refusal):
    """This text is too long, or empty."""

    code = "text_too_long"


class Written(Value):
    """A text with its salt, as a blob, and the hash by which the log names it."""

    hash: HashText
    blob: bytes


def write_text(text: str, randomness: Randomness, *, longest: int = LONGEST_COMMENT) -> Written:
    """Salt a text and name it by its hash.

    Raises:
        TextTooLong: it is empty, or has more than `longest` bytes.
    """
    data = text.encode()
    if not text.strip() or len(data) > longest:
        raise TextTooLong(f"A text here has 1 to {longest:,} bytes, and this has {len(data):,}. Shorten it.")
    return _written(data, randomness)


def write_titled(title: str, text: str, randomness: Randomness) -> Written:
    """Put a title and a text in Markdown into one document: the title as its first heading.

    Raises:
        TextTooLong: the title is empty, over 200 characters or not one line; or the text is too long.
    """
    line = title.strip()
    if not line or len(line) > LONGEST_TITLE or not line.isprintable():
        raise TextTooLong(f"A title is one line of 1 to {LONGEST_TITLE} characters. Put the rest into the text.")
    return write_text(f"# {line}\n\n{text.strip()}\n", randomness, longest=LONGEST_TEXT)


def write_article(content: ArticleContent, randomness: Randomness) -> Written:
    """The text of a charter's article, in the canonical form that an enactment reveals."""
    return _written(encode(content), randomness)


def _written(data: bytes, randomness: Randomness) -> Written:
    blob = text_blob(randomness(SALT_LENGTH), data)
    return Written(hash=address(blob), blob=blob)
