"""The texts of the charter: what takes effect stands in the log, and what lapses for its texts has them to show for it."""

import tracemalloc

import pytest

from governance.charter import Add, ArticleContent
from governance.commands.proposals import Comment
from governance.effect import AmendCharter
from governance.facts.proposals import CharterAmended, ProposalEnacted, ProposalLapsed, RevealedText
from governance.ids import ArticleId, HashText, ProposalId
from governance.log.blob import open_text, text_blob
from governance.records import seal
from governance.verifier import verify
from tests.governance.acting import MINUTE, QUICK, rules
from tests.governance.forging import first_illegal
from tests.governance.test_verifier import detail, failed, rebuilt
from tests.governance.world import Founded

ARTICLE = ArticleContent(heading="Education", text="We teach.")
LONG = ArticleContent(heading="Education", text="a" * 19_000)
NO_ARTICLE = "We teach, and this is no article that could be printed."


def adding(world: Founded, *texts: HashText) -> ProposalId:
    """Carry the addition of articles to the charter."""
    operations = tuple(Add(article=ArticleId(f"new-{at}"), text=text) for at, text in enumerate(texts))
    proposal = world.submit(AmendCharter(base=1, operations=operations))
    world.vote(proposal, yes=(1, 2, 3, 4))
    world.wait(MINUTE)
    return proposal


def founded() -> Founded:
    return Founded(4, rules=rules(*QUICK))


def remarked(world: Founded, content: str | ArticleContent) -> HashText:
    """A text that somebody names in a comment before anything else names it."""
    text = world.text(content)
    world.ask(Comment(proposal=world.submit(), text=text), world.c(2))
    return text


@pytest.mark.parametrize("earlier", [False, True])
def test_an_article_takes_effect_and_is_verified_whoever_named_its_text_first(earlier: bool) -> None:
    world = founded()
    text = remarked(world, ARTICLE) if earlier else world.text(ARTICLE)
    assert world.stage(adding(world, text)) == "in_force"
    result = world.last(ProposalEnacted).result
    assert isinstance(result, CharterAmended)
    assert verify([world.bundle()]).holds


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("content", [NO_ARTICLE, ArticleContent(heading="", text="A."), '{"heading":"A"}'])
def test_a_text_that_is_no_article_lets_the_change_lapse_and_is_verified(
    content: str | ArticleContent,
    earlier: bool,
) -> None:
    world = founded()
    text = remarked(world, content) if earlier else world.text(content)
    assert world.stage(adding(world, text)) == "lapsed"
    assert world.last(ProposalLapsed).reason == "text_invalid"
    assert verify([world.bundle()]).holds


def test_articles_that_are_too_long_together_let_the_change_lapse() -> None:
    world = founded()
    texts = [world.text(LONG) for _ in range(4)]
    assert world.stage(adding(world, *texts)) == "lapsed"
    assert verify([world.bundle()]).holds
    assert world.stage(adding(world, *texts[:3])) == "in_force"
    assert verify([world.bundle()]).holds


@pytest.mark.parametrize("earlier", [False, True])
def test_a_change_is_not_made_to_lapse_by_keeping_its_text_back(earlier: bool) -> None:
    """Whoever runs the server could say that a text is no article, and leave it out of the bundle."""
    world = founded()
    text = remarked(world, ARTICLE) if earlier else world.text(ARTICLE)
    blob = world.blobs[text]
    operations = (Add(article=ArticleId("education"), text=text),)
    proposal = world.submit(AmendCharter(base=1, operations=operations))
    world.vote(proposal, yes=(1, 2, 3, 4))
    world.blobs[text] = text_blob(bytes(32), b"no article")
    world.wait(MINUTE)
    assert world.last(ProposalLapsed).reason == "text_invalid"
    for kept in ({text: blob}, {}):
        world.blobs = {**{at: one for at, one in world.blobs.items() if at != text}, **kept}
        report = verify([world.bundle()])
        assert failed(report) == ["rules"]
        assert detail(report, "rules").endswith("[record_illegal]")


def test_a_text_in_the_log_that_is_not_the_one_voted_on_is_found() -> None:
    world = founded()
    text = world.text(ARTICLE)
    assert world.stage(adding(world, text)) == "in_force"
    assert failed(verify([rebuilt(world, drop=lambda blob: b"We teach" in blob)])) == ["texts"]


@pytest.mark.parametrize("contents", [[ArticleContent(heading="", text="A.")], [LONG] * 4])
def test_what_could_not_become_part_of_the_charter_is_not_put_there_by_whoever_writes_the_log(
    contents: list[ArticleContent],
) -> None:
    world = founded()
    texts = [world.text(content) for content in contents]
    proposal = adding(world, *texts)
    lapse = world.records[-1]
    assert isinstance(lapse.body, ProposalLapsed)
    revealed = [
        RevealedText(salt=open_text(world.blobs[text])[0].hex(), content=one)
        for text, one in zip(texts, contents, strict=True)
    ]
    result = CharterAmended(version=2, texts=tuple(revealed))
    enacted = ProposalEnacted(proposal=proposal, result=result, due=lapse.body.due)
    forged = [*world.records[:-1], seal(enacted, seq=lapse.seq, at=lapse.at, actor=lapse.actor, nonce=bytes(16))]
    illegal = first_illegal(forged, world.blobs)
    assert illegal is not None
    assert illegal[0] == lapse.seq


def test_comments_that_look_like_articles_are_not_kept_in_memory() -> None:
    world = founded()
    proposal = world.submit()
    for _ in range(100):
        world.ask(Comment(proposal=proposal, text=world.text(LONG)), world.c(2))
    bundle = world.bundle()
    assert len(bundle) > 1_900_000
    tracemalloc.start()
    try:
        report = verify(bundle[at : at + 16_384] for at in range(0, len(bundle), 16_384))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.holds
    assert peak < 1_000_000
