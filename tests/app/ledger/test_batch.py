from app.ledger.batch import Batch
from app.store.changes import Patch
from app.store.tables import LogEntry
from governance.commands.polls import Cast
from governance.ids import PollId
from governance.log.merkle import Frontier
from tests.governance.world import Founded


def voting() -> tuple[Founded, PollId]:
    world = Founded(5)
    return world, world.until_open(world.submit())


def record(world: Founded, poll: PollId, batch: Batch, number: int) -> None:
    """Cast the ballot of a coop in a batch or a branch of it."""
    command = Cast(statement=world.statement(poll, number, "yes"))
    decision = batch.federation.decide(command, actor=world.c(number), at=batch.at)
    batch.record(decision, world.c(number), {})


def test_branches_follow_each_other_and_one_that_is_dropped_leaves_nothing() -> None:
    world, poll = voting()
    world.cast(poll, 3)
    size = world.federation.size
    batch = Batch(world.federation, at=world.now, randomness=world.draw)
    for number in (1, 2, 3, 4):
        branch = batch.branch()
        record(world, poll, branch, number)
        if number != 2:
            batch.join(branch)
    # What is recorded in the batch itself is seen by the branch after it, whichever that is.
    record(world, poll, batch, 2)
    last = batch.branch()
    record(world, poll, last, 5)
    batch.join(last)
    assert [entry.record.seq for entry in batch.entries] == list(range(size, size + 5))
    changes, _ = batch.finish(Frontier.resume(0, []))
    done = list(changes.changes())
    assert len([change for change in done if change.table is LogEntry]) == 5
    assert len([change for change in done if isinstance(change, Patch)]) == 1
    assert set(batch.federation.state.ballots.of(poll)) == {"c1", "c2", "c3", "c4", "c5"}
    assert set(world.state.ballots.of(poll)) == {"c3"}
    batch.federation.merge()
    assert world.federation.size == size + 5
