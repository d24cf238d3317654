"""Roads that look easier than the rule they lead around. Each was open once."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from governance.charter import ArticleContent, Replace
from governance.commands.polls import VoidPoll
from governance.commands.proposals import AcceptAmendment, Challenge, PutAmendment, Submit, SuggestAmendment
from governance.commands.register import GiveMandate, Leave, RedactText
from governance.effect import Admit, AmendCharter, ChangeRules, Recategorise, Resolve, SetRule
from governance.errors import Refusal
from governance.facts.proposals import ProposalLapsed
from governance.ids import FEDERATION, CoopId, Matter
from governance.provisions import Provisions
from governance.records import LARGEST_ENTRY, seal, write_record
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Rule
from governance.rulebook import rules_for
from governance.verifier import verify
from tests.governance.plain_rules import DAY, RULES, quorum, rule
from tests.governance.world import Founded

ALL = range(1, 11)
NINE_TENTHS = (Requirement(of="yes+no", at_least=Fraction(9, 10)),)
MERGE = rule(
    "resolution.merge",
    majority=NINE_TENTHS,
    confirmation=Confirmation(majority=NINE_TENTHS, after=DAY, voting=DAY),
)


def code(world: Founded, command: object, actor: object) -> str:
    with pytest.raises(Refusal) as refused:
        world.ask(command, actor)  # type: ignore[arg-type]  # any command, any mandate
    return refused.value.code


def with_rules(*own: Rule) -> tuple[Rule, ...]:
    taken = {each.matter for each in own}
    return (*(each for each in RULES if each.matter not in taken), *own)


def test_nobody_can_take_the_id_that_an_applicants_steward_is_promised() -> None:
    world = Founded(10)
    steward = world.mandate()
    applicant = Admit(name="Nova", country="AR", category="full", cooperators=4, steward=steward)
    proposal = world.submit(applicant, supporters=[2])
    taken = GiveMandate(mandate=steward, role="delegate")
    assert code(world, taken, world.stewards[CoopId("c9")]) == "mandate_invalid"
    world.until_open(proposal)
    world.vote(proposal, yes=ALL)
    world.until_closed(proposal)
    assert world.stage(proposal) == "in_force"


def test_an_applicants_promise_ends_with_its_proposal() -> None:
    world = Founded(10)
    steward = world.mandate()
    applicant = Admit(name="Nova", country="AR", category="full", cooperators=4, steward=steward)
    proposal = world.submit(applicant, supporters=[2])
    world.until_open(proposal)
    world.vote(proposal, no=ALL)
    world.until_closed(proposal)
    world.ask(GiveMandate(mandate=steward, role="delegate"), world.stewards[CoopId("c9")])


def test_a_merger_cannot_be_superseded_by_one_routine_yes() -> None:
    world = Founded(10, rules=(*RULES, MERGE))
    merger = world.submit(Resolve(narrowing="merge"))
    for _ in range(2):
        world.until_open(merger)
        world.vote(merger, yes=ALL)
        world.until_closed(merger)
    assert world.stage(merger) == "in_force"
    back = world.submit(Resolve(narrowing="routine", supersedes=(merger,)))
    touched = {pinned.matter for pinned in rules_for(world.state, world.state.proposals.get(back).effect)}
    assert touched == {"resolution.routine", "resolution.merge"}
    world.until_open(back)
    world.vote(back, yes=[1])
    world.until_closed(back)
    world.wait(60 * DAY)
    assert (world.stage(back), world.stage(merger)) == ("rejected", "in_force")


def test_what_supersedes_the_superseder_falls_under_the_first_rule_too() -> None:
    world = Founded(10, rules=(*RULES, rule("resolution.merge", majority=NINE_TENTHS)))
    first = world.submit(Resolve(narrowing="merge"))
    world.until_open(first)
    world.vote(first, yes=ALL)
    world.until_closed(first)
    second = world.submit(Resolve(supersedes=(first,)))
    world.until_open(second)
    world.vote(second, yes=ALL)
    world.until_closed(second)
    assert (world.stage(first), world.stage(second)) == ("superseded", "in_force")
    assert [each.matter for each in rules_for(world.state, Resolve(supersedes=(second,)))] == [
        "resolution",
        "resolution.merge",
    ]


def test_a_coop_does_not_become_a_full_member_by_way_of_an_easier_category() -> None:
    effect = Recategorise(coop=CoopId("c1"), category="associate")
    world = Founded(10, rules=(*RULES, rule("admission.associate"), rule("membership.category")))
    assert [each.matter for each in rules_for(world.state, effect)] == ["admission.associate", "membership.category"]


@pytest.mark.parametrize("matter", ["resolution.merge", "resolution.urgent", "resolution", "charter"])
def test_only_routine_matters_can_be_lifted(matter: str) -> None:
    world = Founded(10)
    change = SetRule(rule=rule(matter, liftable=True), base=None)
    submit = Submit(effect=ChangeRules(changes=(change,)), text=world.text("Rules"))
    assert code(world, submit, world.c(1)) in ("rule_invalid", "rule_outdated")


def test_what_one_rule_has_rejected_gets_no_second_call_because_another_lacked_its_quorum() -> None:
    many = rule("rules", calls=(Call(quorum=(quorum(Fraction(9, 10)),)), Call(after=DAY)))
    few = rule("admission", calls=(Call(),))
    world = Founded(10, rules=with_rules(many, few))
    present = world.state.rules.get(Matter("admission"))
    change = ChangeRules(changes=(SetRule(rule=rule("admission", notice=DAY), base=present.version),))
    proposal = world.submit(change)
    world.until_open(proposal)
    world.vote(proposal, no=[1, 2, 3])
    closed = world.until_closed(proposal)
    assert ([each.status for each in closed.counts], closed.status) == (["rejected", "no_quorum"], "rejected")
    assert world.stage(proposal) == "rejected"


def test_a_challenged_decision_is_confirmed_with_the_quorum_of_the_call_that_carried_it() -> None:
    world = Founded(10, rules=with_rules(rule("resolution", waiting=5 * DAY)))
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=[1])
    assert world.until_closed(proposal).status == "no_quorum"
    world.until_open(proposal)
    world.vote(proposal, yes=[1, 2])
    assert world.until_closed(proposal).status == "carried"
    for number in (3, 4):
        world.ask(Challenge(proposal=proposal), world.c(number))
    world.until_open(proposal)
    world.vote(proposal, yes=[1, 2])
    assert world.until_closed(proposal).status == "carried"


def test_an_amendment_on_an_older_text_cannot_overwrite_the_newer_one() -> None:
    world = Founded(10)
    proposal = world.submit()
    first, second = (
        world.ask(SuggestAmendment(proposal=proposal, text=world.text(said)), world.c(3)).amendment
        for said in ("First", "Second")
    )
    world.ask(AcceptAmendment(amendment=first), world.c(1))
    assert code(world, AcceptAmendment(amendment=second), world.c(1)) == "amendment_text_outdated"
    assert code(world, PutAmendment(amendment=second), world.c(4)) == "amendment_text_outdated"


def test_a_carried_amendment_is_dropped_if_the_text_has_changed_meanwhile() -> None:
    world = Founded(10)
    proposal = world.submit()
    voted = world.ask(SuggestAmendment(proposal=proposal, text=world.text("Voted")), world.c(3)).amendment
    other = world.ask(SuggestAmendment(proposal=proposal, text=world.text("Taken")), world.c(3))
    world.ask(PutAmendment(amendment=voted), world.c(4))
    poll = next(iter(world.state.polls.values())).id
    for number in ALL:
        world.cast(poll, number)
    world.ask(AcceptAmendment(amendment=other.amendment), world.c(1))
    world.wait(8 * DAY)
    after = world.state.proposals.get(proposal)
    assert after.text == other.text
    assert [one.status for one in after.amendments] == ["dropped", "accepted"]


def test_one_coop_cannot_use_up_the_room_for_amendments_nor_for_proposals() -> None:
    world = Founded(10)
    proposal = world.submit()
    for number in range(20):
        world.ask(SuggestAmendment(proposal=proposal, text=world.text(f"{number}")), world.c(2))
    again = SuggestAmendment(proposal=proposal, text=world.text("more"))
    assert code(world, again, world.c(2)) == "wrong_stage"
    world.ask(again, world.c(3))
    for _ in range(50):
        world.submit(by=4)
    assert code(world, Submit(effect=Resolve(), text=world.text("more")), world.c(4)) == "too_many_open"


def test_an_office_voids_a_poll_of_a_proposal_once() -> None:
    world = Founded(10)
    proposal = world.submit()
    for _ in range(2):
        poll = world.until_open(proposal)
        void = VoidPoll(poll=poll, reason=world.text("Why"))
        if world.state.proposals.get(proposal).voided:
            assert code(world, void, world.officer) == "voided_before"
        else:
            world.ask(void, world.officer)


def charter_change(world: Founded) -> AmendCharter:
    article = world.state.charter.articles[0]
    text = world.text(ArticleContent(heading="Mission", text="Another mission."))
    return AmendCharter(base=1, operations=(Replace(article=article.id, base=article.base, text=text),))


def test_the_operator_cannot_let_a_carried_change_lapse_by_withholding_its_text() -> None:
    world = Founded(10)
    proposal = world.submit(charter_change(world))
    world.until_open(proposal)
    world.vote(proposal, yes=ALL)
    world.until_closed(proposal)
    due = world.state.next_due
    lapsed = ProposalLapsed(proposal=proposal, reason="text_invalid", due=due)
    record = seal(lapsed, seq=world.federation.size, at=due, actor=FEDERATION, nonce=bytes(16))
    withheld = world.state.proposals.get(proposal).effect.operations[0].text
    world.entries.append(write_record(record))
    world.records.append(record)
    world.federation.apply(record)
    world.now = due
    hidden = world.blobs.pop(withheld)
    report = verify([world.bundle()])
    assert not report.holds
    world.blobs[withheld] = hidden
    assert not verify([world.bundle()]).holds
    redact = RedactText(text=withheld, reason="unlawful")
    assert code(world, redact, world.officer) == "text_permanent"


def test_the_result_of_a_poll_under_many_rules_fits_into_a_record() -> None:
    names = [f"kind-{number}" for number in range(20)]
    own = [rule(f"admission.{name}", meanwhile="excluded") for name in names]
    provisions = Provisions(categories=("full", "associate", "observer", *names))
    lands = [f"{one}{other}" for one in "ABCDEFGH" for other in "ABCDEFGH"]
    world = Founded(60, rules=(*RULES, *own), provisions=provisions, countries=lands)
    changes = tuple(SetRule(rule=replace(each, notice=DAY), base=1) for each in own)
    too_many = Submit(effect=ChangeRules(changes=changes), text=world.text("All"))
    assert code(world, too_many, world.c(1)) == "effect_invalid"
    proposal = world.submit(ChangeRules(changes=changes[:15]))
    poll = world.until_open(proposal)
    assert len(world.state.polls.get(poll).judged) == 16
    world.vote(proposal, yes=range(1, 40))
    for number in range(41, 61):
        world.ask(Leave(), world.stewards[CoopId(f"c{number}")])
    world.until_closed(proposal)
    closing = next(entry for entry in reversed(world.entries) if b'"poll.closed"' in entry)
    assert len(closing) < LARGEST_ENTRY // 2
