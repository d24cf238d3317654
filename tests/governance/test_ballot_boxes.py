from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from governance.ballot_boxes import BallotBoxes
from governance.ids import CoopId, PollId
from governance.poll import CastBallot

POLLS = st.sampled_from([PollId("p1.v1"), PollId("p2.v1"), PollId("p2.v2")])
COOPS = st.sampled_from([CoopId("c1"), CoopId("c2"), CoopId("c3")])
Model = dict[tuple[PollId, CoopId], CastBallot]


def ballot(seq: int) -> CastBallot:
    return CastBallot(seq=seq, choice="yes")


class Layers(RuleBasedStateMachine):
    """Overlays of overlays, each beside a plain dict that is copied where the boxes are overlaid."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes = [BallotBoxes()]
        self.models: list[Model] = [{}]

    @rule(poll=POLLS, coop=COOPS, seq=st.integers(0, 3))
    def put(self, poll: PollId, coop: CoopId, seq: int) -> None:
        self.boxes[-1].put(poll, coop, ballot(seq))
        self.models[-1][poll, coop] = ballot(seq)

    @rule(poll=POLLS)
    def drop(self, poll: PollId) -> None:
        self.boxes[-1].drop(poll)
        self.models[-1] = {key: kept for key, kept in self.models[-1].items() if key[0] != poll}

    @rule()
    def overlay(self) -> None:
        self.boxes.append(BallotBoxes(self.boxes[-1]))
        self.models.append(dict(self.models[-1]))

    @rule()
    def merge(self) -> None:
        self.boxes[-1].merge()
        if len(self.models) > 1:
            self.models[-2] = dict(self.models[-1])

    @rule()
    def forget(self) -> None:
        if len(self.boxes) > 1:
            self.boxes.pop()
            self.models.pop()

    @invariant()
    def each_layer_is_like_its_dict(self) -> None:
        for boxes, model in zip(self.boxes, self.models, strict=True):
            assert dict(boxes.items()) == model
            assert len(boxes) == len(model)
            for poll in ("p1.v1", "p2.v1", "p2.v2", "p3.v1"):
                box = {coop: cast for (at, coop), cast in model.items() if at == poll}
                assert boxes.of(PollId(poll)) == box
                for coop in ("c1", "c2", "c3"):
                    assert boxes.get(PollId(poll), CoopId(coop)) == box.get(CoopId(coop))


TestLayers: Any = Layers.TestCase
TestLayers.settings = settings(max_examples=60, stateful_step_count=30)


def test_what_was_merged_is_gone_from_the_overlay() -> None:
    poll, coop = PollId("p1.v1"), CoopId("c1")
    below = BallotBoxes()
    over = BallotBoxes(below)
    over.put(poll, coop, ballot(1))
    over.drop(PollId("p2.v1"))
    over.merge()
    below.put(poll, coop, ballot(2))
    below.put(PollId("p2.v1"), coop, ballot(3))
    assert dict(over.items()) == {(poll, coop): ballot(2), ("p2.v1", coop): ballot(3)}


def test_what_is_put_below_later_is_kept_when_an_overlay_is_merged() -> None:
    poll = PollId("p1.v1")
    below = BallotBoxes()
    over = BallotBoxes(below)
    over.put(poll, CoopId("c1"), ballot(1))
    below.put(poll, CoopId("c2"), ballot(2))
    over.merge()
    assert below.of(poll) == {"c1": ballot(1), "c2": ballot(2)}
