"""Rules handed in from the command line: the desk's own steps, and another officer all the same."""

import json
import uuid

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry, User
from huxin.node.base.permissions import Role
from huxin.node.project import rule_filing
from huxin.node.trust.actions import rule_desk as desk
from huxin.node.trust.actions import rule_simulation
from huxin.node.trust.models import PublishedRule, RuleDraft
from huxin.node.trust.queries import rule_texts

pytestmark = pytest.mark.django_db
PEOPLE = 400


@pytest.fixture
def author(world):
    return world.actor(world.staff(Role.RULE_OFFICER, name="author"))


@pytest.fixture
def text(world):
    return rule_texts.of_pack("hospital-visitor", world.now)


def filed(world, text, officer="author", people=PEOPLE, **more):
    return rule_filing.at_desk(text, officer, now=world.now, people=people, **more)


def code_of(world, text, officer="author"):
    with pytest.raises(RefusalError) as caught:
        filed(world, text, officer)
    return caught.value.refusal.code


def test_what_is_filed_waits_for_another_officer(world, author, text):
    heard = []
    found = filed(world, text, going=lambda asked, of: heard.append((asked, of)))
    draft = RuleDraft.objects.get()
    assert found.page.endswith(f"/rule-desk/{draft.id}")
    assert (found.waiting, found.faults) == (True, ())
    assert [one.purpose for one in found.effects] == ["visit/hospital"]
    assert heard == [(0, PEOPLE), (PEOPLE, PEOPLE)]
    assert (draft.state, draft.handed_in_by, draft.text) == ("waiting", author.user, text)
    assert not PublishedRule.objects.exists()
    with pytest.raises(RefusalError) as caught:
        desk.approve(draft.id, seen=draft.written_at, by=author, now=world.now)
    assert caught.value.refusal.code == "own-work"
    second = world.actor(world.staff(Role.RULE_OFFICER, name="second"))
    assert desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    names = AuditEntry.objects.filter(action__startswith="rule-draft").values_list("action", flat=True)  # fmt: skip
    assert set(names) == {
        "rule-draft-begun", "rule-draft-simulated", "rule-draft-handed-in", "rule-draft-approved",
    }  # fmt: skip


def test_the_same_text_is_filed_once_while_it_waits(world, author, text):
    first = filed(world, text)
    assert filed(world, text) == first
    assert RuleDraft.objects.count() == 1


def test_a_draft_of_the_same_text_is_taken_up(world, author, text):
    begun = desk.begin(
        text, pack="hospital-visitor", request=uuid.uuid4(), by=author, now=world.now
    )
    found = filed(world, text)
    assert found.waiting
    assert RuleDraft.objects.get().id == begun.id


def test_what_the_linter_refuses_is_not_filed(world, author, text):
    content = json.loads(text)
    del content["rules"][0]["basis"]
    found = filed(world, json.dumps(content))
    assert (found.page, found.waiting) == ("", False)
    assert "lint-basis" in {one.fault.code for one in found.faults}
    assert not RuleDraft.objects.exists()


def test_what_only_the_simulation_speaks_against_stays_a_draft(world, author, text):
    content = json.loads(text)
    for rule in content["rules"]:
        rule["valid_from"] = world.now.isoformat()  # no notice, and people lose by it
    found = filed(world, json.dumps(content))
    assert (bool(found.page), found.waiting) == (True, False)
    assert {one.fault.code for one in found.faults} == {"lint-notice"}
    assert RuleDraft.objects.get().state == "draft"
    assert found.effects


def test_only_a_rule_officer_of_this_node_files(world, author, text):
    world.staff(Role.CLERK, name="clerk")
    world.staff(Role.RULE_OFFICER, name="gone")
    User.objects.filter(username="gone").update(is_active=False)
    for name in ("clerk", "gone", "nobody", ""):
        assert code_of(world, text, name) == "missing"
    assert not RuleDraft.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _: "{", "rule-shape"),
        (lambda text: text.replace('"QW"', '"QX"'), "rule-region"),
        (lambda text: text + " " * 200_000, "rule-shape"),
    ],
    ids=["not JSON", "of another region", "too long"],
)
def test_what_cannot_be_read_is_refused(world, author, text, change, code):
    assert code_of(world, change(text)) == code
    assert not RuleDraft.objects.exists()


def test_what_changes_meanwhile_stops_it(world, author, text, monkeypatch):
    def meanwhile(draft, *_):
        RuleDraft.objects.filter(id=draft.id).update(text="{}")
        return {}

    monkeypatch.setattr(rule_simulation, "_simulated", meanwhile)
    assert code_of(world, text) == "state"
