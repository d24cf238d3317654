"""The smallest federation that can decide something: two coops, and one resolution that both voted for."""

from datetime import timedelta
from functools import cache

from governance.charter import ArticleContent
from governance.commands import founding as ask
from governance.commands.register import GiveMandate
from governance.ids import ArticleId, CoopId, Matter
from governance.instants import Instant
from governance.log.keys import format_verifier_key
from governance.provisions import Provisions
from governance.requirement import Requirement
from governance.rule import Call, Entitled, Rule
from tests.governance.world import KEY, ORIGIN, Founded, World

MINUTE = timedelta(minutes=1)


class Small(Founded):
    """A founded federation of two coops, without offices; everything is decided within a minute."""

    def __init__(self) -> None:
        World.__init__(self)
        self.stewards, self.delegates = {}, {}
        self._found(ask.BeginLog(origin=ORIGIN, key=format_verifier_key(KEY.verifier_key)))
        self._found(ask.NameFederation(name="Two", provisions=Provisions()))
        self._found(ask.FoundArticle(article=ArticleId("a"), content=ArticleContent(heading="A", text="A.")))
        for matter in ("admission", "charter", "membership", "resolution", "rules"):
            self._found(ask.FoundRule(rule=plain(matter)))
        for number, name in ((1, "Alfa"), (2, "Beta")):
            coop = CoopId(f"c{number}")
            joined = Instant("2020-01-01T00:00:00.000000Z")
            self._found(ask.FoundCoop(name=name, country="AR", category="full", cooperators=5, member_since=joined))
            for role, holders in (("steward", self.stewards), ("delegate", self.delegates)):
                holders[coop] = self.mandate()
                self._found(GiveMandate(mandate=holders[coop], role=role, coop=coop))  # type: ignore[arg-type]  # a role
        self._found(ask.CloseFounding())


def plain(matter: str) -> Rule:
    """A rule that a resolution within a minute needs, and nothing else."""
    return Rule(
        matter=Matter(matter),
        entitled=Entitled(),
        calls=(Call(),),
        majority=(Requirement(all_but=1),),
        notice=timedelta(),
        voting=MINUTE,
    )


@cache
def small_world() -> Founded:
    """The federation after its first resolution. It is made once: look at it, and do not change it."""
    world = Small()
    proposal = world.submit()
    world.vote(proposal, yes=(1, 2))
    world.wait(MINUTE)
    assert world.stage(proposal) == "in_force"
    return world
