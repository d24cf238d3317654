"""A proposal with everything that belongs to it."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

import msgspec
from piccolo.querystring import QueryString

from app.services.reading.poll_lists import PollLine, polls_of
from app.services.reading.proposal_lists import COLUMNS, SOURCE, ProposalLine, proposal_lines
from app.services.reading.texts import DocumentView, Redacted, TextView, as_document, texts_of
from app.services.reading.timeline import HappenedView, timeline_of
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.canonical import decoder_for
from governance.charter import ArticleContent
from governance.effect import Effect, text_of
from governance.errors import FormatError
from governance.exact import exact_text, parse_exact
from governance.ids import AmendmentId, CoopId, HashText
from governance.instants import Instant
from governance.proposal import Amendment, AmendmentStatus, ProposalUnknown
from governance.rule_words import duration_words
from governance.value import Value

_NEEDS: Final = (
    ', "c"."sponsors" AS "sponsors_needed", "c"."seconders" AS "seconders_needed", "c"."requisition" AS "requisition", '
    '"c"."notice" AS "notice", "c"."support_until" AS "support_until", "c"."demanded_by" AS "demanded_by", '
    '"c"."challengers" AS "challengers", "c"."heads" AS "heads", "c"."confirmed" AS "confirmed", "c"."voided" AS "voided"'
)
_read_effect: Final[Callable[[bytes], Effect]] = decoder_for(Effect)  # type: ignore[arg-type]  # a union, which msgspec reads
_read_amendments: Final = decoder_for(tuple[Amendment, ...])
_read_coops: Final = decoder_for(tuple[CoopId, ...])
_read_article: Final = decoder_for(ArticleContent)


class NeedsView(Value):
    """The support that a proposal needs and has, and the notice it gives.

    Without support it lapses at `support_until`; instead, a share of the entitled coops (`requisition`, exact) can demand the
    vote. `notice_from` is when the notice began, `notice` how long it is. `words` says it in sentences.
    """

    sponsors: int
    seconders: int
    supported: bool
    requisition: Fraction | None
    demanded_by: tuple[CoopId, ...]
    support_until: Instant
    notice: timedelta
    notice_from: Instant | None
    words: tuple[str, ...]


class AmendmentView(Value):
    """An amendment: another text, written `on` what the text was then, and another `effect` where it changes that too."""

    id: AmendmentId
    coop: CoopId
    status: AmendmentStatus
    on: HashText
    text: DocumentView
    effect: Effect | None


class AnswerView(Value):
    """What the coop concerned answers."""

    coop: CoopId
    text: TextView
    seq: int
    at: Instant


class NewArticleView(Value):
    """The content that a proposal, or an amendment to it, gives to an article of the charter, by the hash in its effect."""

    hash: HashText
    content: ArticleContent | None
    redacted: Redacted | None


class ProposalView(Value):
    """A proposal: what carrying it does (`effect`), its text, who supports it, and how it went so far.

    `articles` are the contents that its effect, and those of its amendments, name by hash. `challengers` are those of the
    `heads` coops entitled in its last vote that challenge the decision.
    """

    proposal: ProposalLine
    effect: Effect
    text: DocumentView
    articles: tuple[NewArticleView, ...]
    answers: tuple[AnswerView, ...]
    needs: NeedsView
    sponsors: tuple[CoopId, ...]
    seconders: tuple[CoopId, ...]
    amendments: tuple[AmendmentView, ...]
    challengers: tuple[CoopId, ...]
    heads: int
    confirmed: bool
    voided: bool
    enact_at: Instant | None
    provisional_until: Instant | None
    lapse_reason: str | None
    polls: tuple[PollLine, ...]
    timeline: tuple[HappenedView, ...]


async def read_proposal(service: Service, proposal: str) -> ProposalView:
    """A proposal.

    Raises:
        ProposalUnknown: there is none.
    """
    async with at_one_moment(service.engine) as run:
        rows = await run(QueryString(f'SELECT {COLUMNS}{_NEEDS} FROM {SOURCE} WHERE "p"."id" = {{}}', proposal))  # noqa: S608 - only our words
        if not rows:
            raise ProposalUnknown(f"There is no proposal {proposal[:40]!r}.")
        return await _proposal(run, rows[0])


async def require_proposal(run: Run, proposal: str) -> None:
    """Refuse an id that no proposal has.

    Raises:
        ProposalUnknown: as it says.
    """
    if not await run(QueryString('SELECT 1 AS "one" FROM "proposal" WHERE "id" = {}', proposal)):
        raise ProposalUnknown(f"There is no proposal {proposal[:40]!r}.")


async def _proposal(run: Run, row: dict[str, Any]) -> ProposalView:
    effect: Effect = _read_effect(row["effect"].encode())
    amendments = _read_amendments(row["amendments"].encode())
    happened = await timeline_of(run, row["id"])
    answers = [one for one in happened if one.type == "proposal.answered" and one.coop is not None]
    effects = [effect, *(one.effect for one in amendments if one.effect is not None)]
    new = dict.fromkeys(hashed for one in effects for hashed in text_of(one))
    texts = await texts_of(run, [row["text"], *(one.text for one in amendments), *(one.text for one in answers), *new])
    return ProposalView(
        proposal=(await proposal_lines(run, (row,)))[0],
        effect=effect,
        text=as_document(texts[row["text"]]),
        articles=tuple(_article(texts[hashed]) for hashed in new),
        answers=tuple(
            AnswerView(coop=one.coop, text=texts[one.text], seq=one.seq, at=one.at)
            for one in answers
            if one.coop is not None and one.text is not None
        ),
        needs=_needs(row),
        sponsors=_coops(row["sponsors"]),
        seconders=_coops(row["seconders"]),
        amendments=tuple(
            AmendmentView(
                id=one.id,
                coop=one.coop,
                status=one.status,
                on=one.on,
                text=as_document(texts[one.text]),
                effect=one.effect,
            )
            for one in amendments
        ),
        challengers=_coops(row["challengers"]),
        heads=row["heads"],
        confirmed=bool(row["confirmed"]),
        voided=bool(row["voided"]),
        enact_at=row["enact_at"],
        provisional_until=row["provisional_until"],
        lapse_reason=row["lapse_reason"],
        polls=await polls_of(run, row["id"]),
        timeline=happened,
    )


def _coops(column: str) -> tuple[CoopId, ...]:
    return _read_coops(column.encode())


def _article(text: TextView) -> NewArticleView:
    content = None
    if text.text is not None:
        try:
            content = _read_article(text.text.encode())
        except FormatError:
            # It was stored as a text before anybody named it as an article, and is none. It cannot be carried.
            content = None
    return NewArticleView(hash=text.hash, content=content, redacted=text.redacted)


def _needs(row: dict[str, Any]) -> NeedsView:
    sponsors, seconders = _coops(row["sponsors"]), _coops(row["seconders"])
    needed = (row["sponsors_needed"], row["seconders_needed"])
    requisition = None if row["requisition"] is None else parse_exact(row["requisition"])
    notice = msgspec.convert(row["notice"], timedelta)
    words = [
        f"It needs {needed[0]} to sponsor it and {needed[1]} to second it; {len(sponsors)} and {len(seconders)} do."
    ]
    if requisition is not None:
        words.append(f"At least {exact_text(requisition)} of the entitled coops can demand the vote without that.")
    if row["notice_from"] is None:
        words.append(f"Voting opens {duration_words(notice)} after it has its support. It lapses without.")
    return NeedsView(
        sponsors=needed[0],
        seconders=needed[1],
        supported=len(sponsors) >= needed[0] and len(seconders) >= needed[1],
        requisition=requisition,
        demanded_by=_coops(row["demanded_by"]),
        support_until=row["support_until"],
        notice=notice,
        notice_from=row["notice_from"],
        words=tuple(words),
    )
