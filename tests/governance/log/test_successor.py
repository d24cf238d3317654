from governance.log.checkpoint import Checkpoint, open_checkpoint
from governance.log.keys import SigningKey
from governance.log.successor import sign_successor, successor_line
from tests.governance.log.invented import LOG

AFTER = SigningKey(name="coop.example/log2", seed=bytes(range(1, 33)))
LAST = Checkpoint(origin="coop.example/log", size=3, root=bytes(32))


def test_the_last_word_of_a_log_is_its_newest_checkpoint_with_the_key_after_it() -> None:
    opened = open_checkpoint(sign_successor(LAST, AFTER.verifier_key, LOG), LOG.verifier_key).checkpoint
    assert (opened.origin, opened.size, opened.root) == (LAST.origin, LAST.size, LAST.root)
    assert opened.extensions == (successor_line(AFTER.verifier_key),)


def test_the_line_that_names_the_key_after_is_frozen() -> None:
    assert successor_line(AFTER.verifier_key) == (
        "rochdale/successor/v1 coop.example/log2+96fb6c40+AXm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk"
    )
