"""What a vote decided, and why: tally, quorum and majority, judged in one place for all who show or check a result."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from governance.counting.tally import Tally, without_no
from governance.finding import Finding, evaluate
from governance.requirement import HALF, Requirement

Status = Literal["carried", "rejected", "no_quorum", "tied", "voided"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vote's outcome with its whole explanation as data.

    `no_show` says that it was carried and would not have been if all who voted no had stayed away: a no completed the
    quorum. `judge` never says `voided`; a poll is voided by a record.
    """

    majority: tuple[Finding, ...]
    no_show: bool
    quorum: tuple[Finding, ...]
    status: Status
    tally: Tally


def judge(tally: Tally, quorum: Sequence[Requirement], majority: Sequence[Requirement]) -> Outcome:
    """Judge a tally: every requirement of both lists must hold.

    Without quorum it is `no_quorum`, whatever the majority. It is `carried` when all of the majority held and at least
    one ballot said yes. It is `tied` when it is not carried and every failed requirement of the majority is a tie
    (`is_tie`), so that breaking ties would carry it; otherwise `rejected`.

    Raises:
        MeasureUnknown, PresenceNotTaken, ComparisonUnclear: the tally cannot answer a requirement.
    """
    enough, agreed = _findings(tally, quorum, majority)
    status = _status(tally, enough, agreed)
    no_show = False
    if status == "carried":
        shown = without_no(tally)
        no_show = _status(shown, *_findings(shown, quorum, majority)) != "carried"
    return Outcome(majority=agreed, no_show=no_show, quorum=enough, status=status, tally=tally)


def is_tie(finding: Finding, tally: Tally) -> bool:
    """Whether a requirement failed by a tie.

    Such is a simple majority, `yes` `more_than` 1/2 of any base, when yes and no are equal, above 0, and together the
    whole base; or a group of alternatives in which one failed so and none held.
    """
    if finding.held:
        return False
    if finding.alternatives:
        return any(is_tie(each, tally) for each in finding.alternatives)
    sums = tally.measures[finding.requirement.measure]
    simple = finding.counts == "yes" and finding.requirement.more_than == HALF
    return simple and sums.yes == sums.no > 0 and finding.value == finding.needed


def _findings(
    tally: Tally, quorum: Sequence[Requirement], majority: Sequence[Requirement]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    enough = tuple(evaluate(requirement, tally, default="ballots") for requirement in quorum)
    return enough, tuple(evaluate(requirement, tally, default="yes") for requirement in majority)


def _status(tally: Tally, enough: Sequence[Finding], agreed: Sequence[Finding]) -> Status:
    if not all(finding.held for finding in enough):
        return "no_quorum"
    failed = [finding for finding in agreed if not finding.held]
    if failed:
        return "tied" if all(is_tie(finding, tally) for finding in failed) else "rejected"
    return "carried" if any(sums.yes > 0 for sums in tally.measures.values()) else "rejected"
