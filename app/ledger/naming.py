"""Which texts a fact names by hash: what must be there when it is recorded."""

from collections.abc import Callable
from typing import Any, Final

from governance.effect import Effect, text_of
from governance.facts import polls, proposals, register
from governance.ids import TextHash
from governance.value import Value


def _texts(*hashes: str | None) -> tuple[TextHash, ...]:
    return tuple(TextHash(text) for text in hashes if text is not None)


_TEXTS: Final[dict[type[Value], Callable[[Any], tuple[TextHash, ...]]]] = {
    proposals.ProposalSubmitted: lambda fact: _texts(fact.text, *text_of(fact.effect)),
    proposals.AmendmentSuggested: lambda fact: _texts(fact.text, *articles_named(fact)),
    proposals.ProposalAnswered: lambda fact: _texts(fact.text),
    proposals.CommentPosted: lambda fact: _texts(fact.text),
    proposals.DecisionChallenged: lambda fact: _texts(fact.reason),
    register.NumberContested: lambda fact: _texts(fact.reason),
    register.TextRedacted: lambda fact: _texts(fact.text),
    polls.BallotCast: lambda fact: _texts(fact.reason),
    polls.PollVoided: lambda fact: _texts(fact.reason),
}


def texts_named(fact: Value) -> tuple[TextHash, ...]:
    """The texts that a fact is the first to need, or needs again. The text of an open vote was there before it opened."""
    named = _TEXTS.get(type(fact))
    return () if named is None else tuple(dict.fromkeys(named(fact)))


def articles_named(fact: Value) -> tuple[TextHash, ...]:
    """Those of its texts that are to become articles of the charter."""
    effect: Effect | None = getattr(fact, "effect", None)
    return () if effect is None else _texts(*text_of(effect))
