"""Proposals in the node: handed in, read, laid together, published by enough; refused with the reason else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huxin.adapters import trust_proposals, trust_repository
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.trust.ceremony.draft import Draft, found, with_witnesses
from huxin.trust.ceremony.proposal import (
    cast_vote,
    parse_proposal,
    proposal_name,
    write_proposal,
)
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension
from tests.lib.ceremonies import TITLE, charter, party, signed, signing_key, witnessed

pytestmark = pytest.mark.django_db


class Office:
    """A delegate at the node, and three regions' keys somewhere else."""

    def __init__(self, world):
        self.now = world.now.replace(microsecond=0) - timedelta(hours=1)
        self.parties = [party(code, environment="test") for code in ("QV", "QW", "XA")]
        proposal = found(
            [one.statement for one in self.parties],
            charter(environment="test"), title=TITLE, now=self.now,
        )  # fmt: skip
        whole = witnessed(proposal, None, self.parties, now=self.now)
        trust_repository.write_files(settings.HUXIN.repository, trust_repository.published(whole))
        self.before = result(whole, None)
        self.browser = world.client(world.staff(Role.DELEGATE))
        self.browser.cookies["huxin_lang"] = "en"

    def suspension(self):
        reason = {"zh": "外泄", "en": "A key leaked"}
        one = Suspension("a", "QW", None, self.now, reason)
        return Draft.of(self.before, now=self.now).suspend(one, title=TITLE)

    def hand_in(self, proposal, status=302):
        data = proposal if isinstance(proposal, bytes) else write_proposal(proposal)
        answer = self.browser.post(reverse("proposals"), {"file": SimpleUploadedFile("x.json", data)})  # fmt: skip
        assert answer.status_code == status, answer.content.decode()[-800:]
        # A sentence in the page's language, not the pair of both.
        assert "Words(" not in answer.content.decode()
        return answer

    def shown(self, proposal, name="proposal", status=200):
        answer = self.browser.get(reverse(name, args=[proposal_name(proposal)]))
        assert answer.status_code == status
        return answer.content.decode()

    def publish(self, proposal, status):
        answer = self.browser.post(reverse("proposal-publish", args=[proposal_name(proposal)]))
        assert answer.status_code == status
        return answer.content.decode()


@pytest.fixture
def office(world, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HUXIN", replace(settings.HUXIN, path=tmp_path))
    yield Office(world)
    signing._store.cache_clear()


def test_nothing_waits_at_first(office):
    assert "Nothing waits for signatures" in office.browser.get(reverse("proposals")).content.decode()  # fmt: skip


def test_a_proposal_is_read_signed_elsewhere_and_published(office, world):
    parties, proposal = office.parties, office.suspension()
    office.hand_in(proposal)
    text = office.shown(proposal)
    for words in (
        "Suspends QW: A key leaked",
        "Nothing found",
        "0 / 2",
        "QV, QW, XA",
        "0 of 3 regions signed, needs 2",
    ):
        assert words in text, words

    # One of three cannot do it alone, and is told so.
    one = signed(proposal, office.before, parties[0].hold())
    office.hand_in(one)
    assert "emergency 1/2" in office.publish(proposal, 422)
    assert "1 of 3 regions signed, needs 2" in office.shown(proposal)
    assert "1 of 3 regions signed, needs 2" in office.browser.get(reverse("proposals")).content.decode()  # fmt: skip
    assert office.before == trust_repository.read_repository(settings.HUXIN.repository)

    # A second one signs; the file that is downloaded now carries the snapshot for the witnesses.
    two = signed(proposal, office.before, parties[2].hold())
    office.hand_in(two)
    assert "lacking" not in office.browser.get(reverse("proposals")).content.decode()
    assert "snapshot" in office.publish(proposal, 422)
    carried = parse_proposal(office.browser.get(reverse("proposal-file", args=[proposal_name(proposal)])).content)  # fmt: skip
    assert "timestamp" in carried.metadata
    keys = [key for one in (parties[0], parties[2]) for key in one.hold("witness")]
    office.hand_in(signed(carried, office.before, keys))
    assert "Publish this list?" in office.shown(proposal)
    office.publish(proposal, 302)

    # The doors of this node believe it at once, and the proposal has done its work.
    [anchor] = signing.trust_store(world.now).find("huxin", signing_key("QW cards 0").kid, None)
    assert anchor.standing == "suspended"
    assert "A key leaked" in office.browser.get(reverse("federation")).content.decode()
    assert trust_proposals.kept(settings.HUXIN.proposals) == ()
    actions = AuditEntry.objects.filter(action__startswith="trust-").values_list("action", flat=True)  # fmt: skip
    assert sorted(actions) == ["trust-list-published", *["trust-proposal-kept"] * 4]


def test_votes_are_shown(office):
    key = office.parties[2].keys["charter"]
    proposal = Draft.of(office.before, now=office.now).expel("QW", title=TITLE)
    proposal = cast_vote(proposal, key, region="XA", agrees=False, text="Not yet", now=office.now)
    office.hand_in(proposal)
    assert "Not yet" in office.shown(proposal)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"huxin": "charter", "v": 1}'])
def test_what_is_no_proposal_is_refused_at_the_field(office, data):
    text = office.hand_in(data, 422).content.decode()
    assert "Error:" in text
    assert not list(settings.HUXIN.path.glob("proposals/*"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(office, monkeypatch):
    from huxin.node.trust.forms import proposals as forms

    monkeypatch.setattr(forms, "MOST_BYTES", 10)
    assert "too-big" in office.hand_in(office.suspension(), 422).content.decode()


def test_a_signature_that_does_not_hold_is_refused(office):
    proposal = signed(office.suspension(), office.before, office.parties[0].hold("emergency"))
    [(name, _)] = proposal.signatures["emergency"].items()
    forged = replace(proposal, signatures={"emergency": {name: "00" * 64}})
    assert "signature" in office.hand_in(forged, 422).content.decode()


def test_a_proposal_upon_another_list_is_told(office):
    proposal, other = office.suspension(), office.suspension()
    office.hand_in(other)
    late = Draft.of(office.before, now=office.now + timedelta(minutes=1)).suspend(
        Suspension("b", "XA", None, office.now, {"zh": "试", "en": "Try"}), title=TITLE
    )
    whole = witnessed(late, office.before, office.parties, now=office.now)
    trust_repository.write_files(settings.HUXIN.repository, trust_repository.published(whole))
    assert "The list has changed" in office.browser.get(reverse("proposals")).content.decode()
    assert "trust-rollback" in office.shown(proposal, status=422)
    assert "trust-rollback" in office.publish(proposal, 422)
    assert "trust-rollback" in office.shown(proposal, "proposal-file", 422)
    assert "trust-rollback" in office.hand_in(proposal, 422).content.decode()


def test_what_a_door_would_refuse_is_not_published(office):
    draft = Draft.of(office.before, now=office.now)
    draft.carry("federation/charter.json", b"{}")
    proposal = draft.proposal("charter", TITLE)
    whole = with_witnesses(proposal, office.before, now=office.now)
    keys = [key for one in office.parties for key in one.hold()]
    office.hand_in(signed(whole, office.before, keys))
    assert "trust-file" in office.publish(whole, 422)
    assert office.before == trust_repository.read_repository(settings.HUXIN.repository)


def test_a_proposal_is_dropped_and_what_is_none_is_not_there(office):
    proposal = office.suspension()
    office.hand_in(proposal)
    name = proposal_name(proposal)
    assert office.browser.post(reverse("proposal-drop", args=[name])).status_code == 302
    for page in ("proposal", "proposal-file"):
        office.shown(proposal, page, 404)
    office.publish(proposal, 404)
    assert office.browser.post(reverse("proposal-drop", args=[name])).status_code == 404


def test_a_proposal_that_was_published_elsewhere_is_told_as_such(office):
    proposal = office.suspension()
    office.hand_in(proposal)
    whole = witnessed(proposal, office.before, office.parties, now=office.now)
    trust_repository.write_files(settings.HUXIN.repository, trust_repository.published(whole))
    assert "This proposal was published" in office.shown(proposal, status=422)
    assert "Published" in office.browser.get(reverse("proposals")).content.decode()
    # Of a spoilt file nothing of the kind is said.
    name = proposal_name(proposal)
    (settings.HUXIN.proposals / f"{name}.json").write_text("{}", "utf-8")
    assert "trust-file" in office.shown(proposal, status=422)
