from app.ledger.projecting_events import _SAYS
from governance.facts import polls, proposals
from governance.facts.registry import NAMES


def test_everything_that_happens_to_a_proposal_is_told_but_ballots_and_comments() -> None:
    about = {fact for fact in NAMES if fact.__module__ in (polls.__name__, proposals.__name__)}
    assert about - set(_SAYS) == {polls.BallotCast, proposals.CommentPosted}
    assert set(_SAYS) <= about
