"""What a proposal would do, as people ask for it: with the texts themselves, where the log has their hashes."""

from typing import Annotated

from msgspec import Meta

from app.ledger.batch import Randomness
from app.services.texts import Written, write_article
from governance.charter import Add, ArticleContent, Move, Operation, Replace, Strike
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    Suspend,
)
from governance.ids import ArticleId, CoopId, HashText, MandateId
from governance.value import Value

Address = Annotated[str, Meta(min_length=3, max_length=254)]


class NewArticle(Value, tag_field="op", tag="add"):
    """A new article, after another one, or first."""

    article: ArticleId
    content: ArticleContent
    after: ArticleId | None = None


class NewText(Value, tag_field="op", tag="replace"):
    """Another text for an article. `base` is the digest of the text that the author saw."""

    article: ArticleId
    base: HashText
    content: ArticleContent


class AmendTheCharter(Value, tag_field="effect", tag="amend_charter"):
    """Articles are added, replaced, moved or struck, against the version of the charter that the author saw."""

    base: int
    operations: tuple[NewArticle | NewText | Move | Strike, ...]


class AdmitACoop(Value, tag_field="effect", tag="admit"):
    """A coop becomes a member. `coop` is set where it was a member before.

    `contact` is the e-mail address of whoever is to be its steward. It stays out of the log, and can be left out where the
    proposal is made of an application, which has one.
    """

    name: str
    country: str
    category: str
    cooperators: int
    contact: Address | None = None
    services: tuple[str, ...] = ()
    coop: CoopId | None = None


ProposedEffect = (
    Resolve
    | Ratify
    | AdmitACoop
    | Suspend
    | Reinstate
    | Expel
    | Recategorise
    | CorrectNumber
    | CorrectName
    | CorrectCountry
    | AmendTheCharter
    | ChangeRules
)


def effect_of(proposed: ProposedEffect, randomness: Randomness) -> tuple[Effect, tuple[Written, ...]]:
    """The effect as the log names it, and the texts that it names."""
    match proposed:
        case AdmitACoop():
            return _admission(proposed, randomness), ()
        case AmendTheCharter(base=base, operations=operations):
            texts: list[Written] = []
            named = tuple(_operation(each, texts, randomness) for each in operations)
            return AmendCharter(base=base, operations=named), tuple(texts)
        case _:
            return proposed, ()


def draw_mandate(randomness: Randomness) -> MandateId:
    """A new mandate's id: 128 random bits."""
    return MandateId(f"m-{randomness(16).hex()}")


def _admission(proposed: AdmitACoop, randomness: Randomness) -> Admit:
    return Admit(
        name=proposed.name,
        country=proposed.country,
        category=proposed.category,
        cooperators=proposed.cooperators,
        services=proposed.services,
        coop=proposed.coop,
        steward=draw_mandate(randomness),
    )


def _operation(
    proposed: NewArticle | NewText | Move | Strike, texts: list[Written], randomness: Randomness
) -> Operation:
    if isinstance(proposed, Move | Strike):
        return proposed
    text = write_article(proposed.content, randomness)
    texts.append(text)
    if isinstance(proposed, NewArticle):
        return Add(article=proposed.article, text=text.hash, after=proposed.after)
    return Replace(article=proposed.article, base=proposed.base, text=text.hash)
