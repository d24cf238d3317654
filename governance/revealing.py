"""The charter's new texts, taken from their blobs when a change takes effect: from then on they are part of the log."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from governance.canonical import decoder_for, encode
from governance.charter import ArticleContent, ArticleInvalid, check_content
from governance.effect import AmendCharter, text_of
from governance.errors import Refusal, RochdaleError
from governance.facts.proposals import RevealedText
from governance.ids import HASH_PATTERN, TextHash
from governance.log.blob import address, open_text, text_blob

LARGEST_TEXTS: Final = 60_000
"""Bytes of all new texts of one change together: they stand in one record."""
_SALT: Final = re.compile(HASH_PATTERN, re.ASCII)
_read_content: Final = decoder_for(ArticleContent)


class TextMissing(Refusal):
    """The text that is to become part of the charter is not the one that was voted on, or is missing."""

    code = "text_missing"


def reveal(effect: AmendCharter, blob_of: Callable[[TextHash], bytes | None]) -> tuple[RevealedText, ...] | None:
    """The texts that a change of the charter names, in its order; None if one is gone or is no article that can be printed."""
    texts = []
    for hashed in text_of(effect):
        blob = blob_of(TextHash(hashed))
        text = _article_in(blob) if blob is not None else None
        if text is None:
            return None
        texts.append(text)
    return tuple(texts) if can_be_printed([len(encode(text)) for text in texts]) else None


def article_length(blob: bytes) -> int:
    """The bytes that a text takes as a part of the charter's new texts; 0 of one that is no article that can be printed."""
    text = _article_in(blob)
    return len(encode(text)) if text is not None else 0


def can_be_printed(lengths: Sequence[int | None]) -> bool:
    """Whether texts of these lengths, as `article_length` gives them, can become part of the charter together."""
    # As a list, each has a comma or bracket before it, and the last one a bracket behind it.
    return all(lengths) and sum(length or 0 for length in lengths) + len(lengths) + 1 <= LARGEST_TEXTS


def _article_in(blob: bytes) -> RevealedText | None:
    try:
        salt, content = open_text(blob)
        article = _read_content(content)
        check_content(article)
    except RochdaleError:
        return None
    return RevealedText(salt=salt.hex(), content=article)


def contents_of(effect: AmendCharter, texts: tuple[RevealedText, ...]) -> Mapping[TextHash, ArticleContent]:
    """The contents of revealed texts by hash, each checked against the hash that was voted on.

    What `reveal` would not give is refused here too: so nobody who writes the log can put it into the charter.

    Raises:
        TextMissing: one is missing, superfluous, not the one that was voted on, or no article that can be printed; or they are
            too long together.
    """
    wanted = text_of(effect)
    if len(wanted) != len(texts):
        raise TextMissing(f"The change of the charter needs {len(wanted)} texts, and {len(texts)} are given.")
    contents = {}
    for hashed, text in zip(wanted, texts, strict=True):
        if address(_blob(text)) != hashed:
            raise TextMissing(f"The text with the hash {hashed} is not the one given.")
        try:
            check_content(text.content)
        except ArticleInvalid as invalid:
            raise TextMissing(f"The text with the hash {hashed} is no article: {invalid.detail}") from invalid
        contents[TextHash(hashed)] = text.content
    if len(encode(texts)) > LARGEST_TEXTS:
        raise TextMissing("The new texts of the charter are too long together to stand in one record.")
    return contents


def _blob(text: RevealedText) -> bytes:
    if not _SALT.fullmatch(text.salt):
        raise TextMissing("The salt of a charter text is not 64 lower-case hex digits, as the log writes it.")
    return text_blob(bytes.fromhex(text.salt), encode(text.content))
