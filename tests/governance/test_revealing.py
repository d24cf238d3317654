"""The charter's new texts: revealed when they come into force, exactly as they were voted on."""

import pytest
from msgspec.structs import replace

from governance.canonical import encode
from governance.charter import Add, ArticleContent, Move
from governance.commands.polls import TakeStep
from governance.effect import AmendCharter
from governance.facts.proposals import CharterAmended, ProposalEnacted, ProposalLapsed, RevealedText
from governance.ids import FEDERATION, ArticleId, HashText, TextHash
from governance.log.blob import address, text_blob
from governance.revealing import LARGEST_TEXTS, article_length, can_be_printed, contents_of, reveal
from tests.governance.acting import MINUTE, QUICK, decree, refused, rules
from tests.governance.world import Founded

CARE = ArticleContent(heading="Care", text="We care.", section="Values")
PEACE = ArticleContent(heading="Peace", text="We keep peace.")


def adding(*texts: HashText) -> AmendCharter:
    operations = tuple(Add(article=ArticleId(f"new-{number}"), text=text) for number, text in enumerate(texts))
    return AmendCharter(base=1, operations=operations)


def blobs(*blobs: bytes) -> dict[TextHash, bytes]:
    return {TextHash(address(blob)): blob for blob in blobs}


def blob_of(content: object, salt: bytes = b"s" * 32) -> bytes:
    return text_blob(salt, encode(content))


def test_texts_are_revealed_in_the_order_of_the_operations_with_their_salts() -> None:
    care, peace = blob_of(CARE), blob_of(PEACE, b"t" * 32)
    effect = adding(address(care), address(peace))
    texts = reveal(effect, blobs(peace, care).get)
    assert texts == (RevealedText(salt="73" * 32, content=CARE), RevealedText(salt="74" * 32, content=PEACE))
    assert contents_of(effect, texts) == {address(care): CARE, address(peace): PEACE}


def test_a_change_without_new_texts_reveals_none() -> None:
    effect = AmendCharter(base=1, operations=(Move(article=ArticleId("mission")),))
    assert reveal(effect, blobs().get) == ()
    assert contents_of(effect, ()) == {}


@pytest.mark.parametrize(
    "blob",
    [
        text_blob(b"s" * 32, b"# Care\n\nWe care."),
        text_blob(b"s" * 32, b'{"heading": "Care", "text": "We care."}'),
        blob_of(replace(CARE, heading="")),
        blob_of({"heading": "Care", "text": "We care.", "colour": "red"}),
        b"rochdale/electorate/v1\n[]",
        b"nothing at all",
        b"rochdale/text/v1\nshort",
    ],
)
def test_what_is_no_article_that_can_be_printed_reveals_nothing(blob: bytes) -> None:
    assert reveal(adding(address(blob)), {TextHash(address(blob)): blob}.get) is None


def test_a_text_that_is_gone_reveals_nothing() -> None:
    care = blob_of(CARE)
    assert reveal(adding(address(care), "0" * 64), blobs(care).get) is None


def test_texts_too_long_together_for_one_record_reveal_nothing() -> None:
    long = [replace(CARE, heading=f"Care {number}", text="x" * 19_000) for number in range(4)]
    made = [blob_of(one) for one in long]
    for count, expected in ((3, True), (4, False)):
        texts = reveal(adding(*(address(blob) for blob in made[:count])), blobs(*made).get)
        assert (texts is not None) == expected
    assert LARGEST_TEXTS == 60_000


def test_contents_are_refused_unless_they_are_what_was_voted_on() -> None:
    effect = adding(address(blob_of(CARE)))
    right = RevealedText(salt="73" * 32, content=CARE)
    wrong: tuple[tuple[RevealedText, ...], ...] = (
        (),
        (right, right),
        (replace(right, content=PEACE),),
        (replace(right, salt="74" * 32),),
        (replace(right, salt="73" * 31),),
        (replace(right, salt="73 " * 32),),
        (replace(right, salt="73" * 32 + "\n"),),
        (replace(right, salt="zz" * 32),),
    )
    for texts in wrong:
        with refused("text_missing"):
            contents_of(effect, texts)


def test_a_salt_has_one_spelling() -> None:
    salt = b"\xab" * 32
    effect = adding(address(blob_of(CARE, salt)))
    assert contents_of(effect, (RevealedText(salt="ab" * 32, content=CARE),))
    with refused("text_missing"):
        contents_of(effect, (RevealedText(salt="AB" * 32, content=CARE),))


def test_an_enactment_carries_the_texts_into_the_log_and_the_charter() -> None:
    world = Founded(5, rules=rules(*QUICK))
    decree(world, adding(world.text(CARE), world.text(PEACE)), yes=range(1, 5))
    result = world.last(ProposalEnacted).result
    assert isinstance(result, CharterAmended)
    assert (result.version, [text.content for text in result.texts]) == (2, [CARE, PEACE])
    assert {CARE, PEACE} <= {article.content for article in world.state.charter.articles}


def test_an_enactment_asked_for_with_other_texts_is_refused_and_stays_due() -> None:
    world = Founded(5, rules=rules(*QUICK))
    proposal = world.submit(adding(world.text(CARE)))
    world.vote(proposal, yes=range(1, 5))
    world.now = world.state.next_due
    world._append(TakeStep(step=world.federation.due(world.now)), FEDERATION)  # type: ignore[arg-type]  # it is due
    step = world.federation.due(world.now)
    assert step is not None
    for texts in ((), (RevealedText(salt="73" * 32, content=CARE),)):
        with refused("text_missing"):
            world.federation.decide(TakeStep(step=step, texts=texts), actor=FEDERATION, at=world.now)
    world.settle()
    assert world.stage(proposal) == "in_force"


def test_a_carried_change_whose_text_is_no_article_lapses() -> None:
    world = Founded(5, rules=rules(*QUICK))
    proposal = world.submit(adding(world.text("Not an article.")))
    world.vote(proposal, yes=range(1, 5))
    world.wait(MINUTE)
    assert (world.stage(proposal), world.last(ProposalLapsed).reason) == ("lapsed", "text_invalid")


def test_the_lengths_of_articles_say_what_revealing_them_would() -> None:
    no_article = text_blob(b"s" * 32, b"# Care")
    assert article_length(no_article) == 0
    long = [replace(CARE, text="a" * 19_900), replace(PEACE, text="b" * 19_900)]
    space = LARGEST_TEXTS - len(encode([_revealed(one) for one in (*long, replace(CARE, text=""))]))
    for more, fits in ((0, True), (1, False)):
        made = [blob_of(one) for one in (*long, replace(CARE, text="c" * (space + more)))]
        lengths = [article_length(blob) for blob in made]
        assert can_be_printed(lengths) == fits
        assert (reveal(adding(*map(address, made)), blobs(*made).get) is not None) == fits
    assert can_be_printed([article_length(blob_of(CARE)), article_length(blob_of(PEACE))])
    assert not can_be_printed([article_length(blob_of(CARE)), 0])
    assert not can_be_printed([article_length(blob_of(CARE)), None])
    assert can_be_printed([])


def _revealed(content: ArticleContent) -> RevealedText:
    return RevealedText(salt="73" * 32, content=content)
