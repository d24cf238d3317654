"""A small founding, as the list of commands that it takes."""

from datetime import UTC, datetime
from typing import Any

from governance.charter import ArticleContent
from governance.commands import founding as ask
from governance.commands.register import GiveMandate
from governance.ids import OPERATOR, ArticleId, CoopId, MandateId, OfficeId
from governance.instants import instant
from governance.log.keys import format_verifier_key
from governance.mandate import Office
from governance.provisions import Provisions
from governance.value import Value
from tests.governance.world import KEY, ORIGIN, World, rule

SINCE = instant(datetime(2020, 1, 1, tzinfo=UTC))
OFFICE = Office(id=OfficeId("secretary"), title="Secretary", seats=1)


def mandate(number: int) -> MandateId:
    return MandateId(f"m-{number:032x}")


def coop(name: str, **changes: Any) -> ask.FoundCoop:
    plain: dict[str, Any] = {"name": name, "country": "AR", "category": "full", "cooperators": 5, "member_since": SINCE}
    return ask.FoundCoop(**{**plain, **changes})


def founding() -> dict[str, Value]:
    """What it takes to found a federation of three coops, in its order."""
    steps: dict[str, Value] = {
        "log": ask.BeginLog(origin=ORIGIN, key=format_verifier_key(KEY.verifier_key)),
        "name": ask.NameFederation(name="Three coops", provisions=Provisions(categories=("full", "associate"))),
        "article": ask.FoundArticle(
            article=ArticleId("mission"), content=ArticleContent(heading="Mission", text="We work together.")
        ),
    }
    for matter in ("resolution", "admission", "membership", "charter", "rules"):
        steps[matter] = ask.FoundRule(rule=rule(matter))
    steps["office"] = ask.FoundOffice(office=OFFICE)
    steps["officer"] = GiveMandate(mandate=mandate(0), role="officer", office=OFFICE.id)
    for number, name in enumerate(("Alfa", "Beta", "Gamma"), start=1):
        steps[f"c{number}"] = coop(name)
        steps[f"steward {number}"] = GiveMandate(mandate=mandate(number), role="steward", coop=CoopId(f"c{number}"))
    return steps


class Founding(World):
    """A federation that is being founded."""

    def __init__(self, steps: dict[str, Value] | None = None) -> None:
        super().__init__()
        for step in (founding() if steps is None else steps).values():
            self.write(step)

    def write(self, command: Value, actor: MandateId = OPERATOR) -> Any:
        """Have the operator, or somebody else, write something of the founding."""
        return self.ask(command, actor)


def without(*names: str) -> Founding:
    """A founding that lacks some of its parts."""
    return Founding({name: step for name, step in founding().items() if name not in names})


def until(name: str) -> Founding:
    """A founding up to, and without, this part."""
    steps = list(founding().items())
    return Founding(dict(steps[: list(founding()).index(name)]))
