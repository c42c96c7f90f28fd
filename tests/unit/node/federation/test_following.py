"""The shared list is taken from another place: by the job, at once, or from a file; never an older one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from huxin.adapters import clock, trust_bundle, trust_repository, trust_state
from huxin.node.base import condition, key_calendar, recurring
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust import jobs, signing
from huxin.node.trust.actions import follow
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.result import result
from huxin.trust.federation.repository import Repository
from tests.lib.ceremonies import TITLE, charter, party, witnessed

pytestmark = pytest.mark.django_db


class Elsewhere:
    """A place that hands out a list of two regions, and goes on; this node follows it, and holds its first list."""

    def __init__(self, world, folder):
        self.folder = folder
        self.now = world.now.replace(microsecond=0) - timedelta(hours=2)
        self.parties = [party("QW", environment="test"), party("XA", environment="test")]
        self._standing: Repository | None = None
        statements = [one.statement for one in self.parties]
        self._publish(found(statements, charter(environment="test"), title=TITLE, now=self.now))
        self.first = trust_bundle.pack(trust_repository.files_of(folder))

    def round(self):
        """Have the witnesses sign anew."""
        self.now += timedelta(minutes=1)
        assert self._standing is not None
        draft = Draft.of(self._standing, now=self.now)
        self._publish(renewed(draft, [], title=TITLE))

    def _publish(self, proposal):
        whole = witnessed(proposal, self._standing, self.parties, now=self.now)
        trust_repository.write_files(self.folder, trust_repository.published(whole))
        self._standing = result(whole, self._standing)

    def root(self):
        return (self.folder / "metadata" / "1.root.json").read_bytes()


@pytest.fixture
def elsewhere(world, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    there = Elsewhere(world, tmp_path / "there")
    follows = replace(settings.HUXIN, path=here, follows="../there", follows_every=60)
    monkeypatch.setattr(settings, "HUXIN", follows)
    (here / "root.json").write_bytes(there.root())
    yield there
    signing._store.cache_clear()
    signing._names.cache_clear()


@pytest.fixture
def browser(world):
    found = world.client(world.staff(Role.DELEGATE))
    found.cookies["huxin_lang"] = "en"
    return found


def held_version():
    held = trust_state.read_held(settings.HUXIN.federation)
    assert held is not None
    return held.repository().roles["timestamp"].version


def entries(action):
    return list(AuditEntry.objects.filter(action=action).values_list("detail", flat=True))


def hand_in(browser, data, status):
    file = SimpleUploadedFile("list.bundle", data)
    answer = browser.post(reverse("list-take"), {"file": file}, follow=True)
    assert answer.status_code == status
    # A sentence in the page's language, not the pair of both.
    assert "Words(" not in answer.content.decode()
    return answer.content.decode()


def test_a_node_begins_with_a_root_that_it_was_given_and_follows(world, elsewhere):
    assert follow.follow(by=NOBODY, now=world.now) == follow.Taken(1, new=True)
    assert follow.follow(by=NOBODY, now=world.now) == follow.Taken(1, new=False)
    elsewhere.round()
    assert follow.follow(by=NOBODY, now=world.now) == follow.Taken(2, new=True)
    assert [one["version"] for one in entries("trust-list-taken")] == [1, 2]
    assert signing.region_words("XA").en == "XA land"
    # It hands nothing out, as long as it was not asked to.
    assert not settings.HUXIN.repository.exists()


def test_a_node_that_hands_the_list_out_hands_on_what_it_took(world, elsewhere):
    settings.HUXIN.repository.mkdir()
    follow.follow(by=NOBODY, now=world.now)
    elsewhere.round()
    follow.follow(by=NOBODY, now=world.now)
    there = trust_repository.files_of(elsewhere.folder)
    assert trust_repository.files_of(settings.HUXIN.repository) == there
    # Whoever was cut off between taking and handing on makes up for it the next time.
    (settings.HUXIN.repository / "metadata" / "timestamp.json").unlink()
    assert follow.follow(by=NOBODY, now=world.now) == follow.Taken(2, new=False)
    assert trust_repository.files_of(settings.HUXIN.repository) == there


def test_no_first_root_is_taken_on_trust(world, elsewhere, browser):
    settings.HUXIN.first_root.unlink()
    assert "trust-pin" in hand_in(browser, elsewhere.first, 422)
    assert "trust-pin" in browser.post(reverse("list-follow")).content.decode()
    assert trust_state.read_held(settings.HUXIN.federation) is None


def test_a_delegate_takes_it_at_once(elsewhere, browser):
    answer = browser.post(reverse("list-follow"), follow=True).content.decode()
    assert "A newer list was taken: version 1." in answer
    answer = browser.post(reverse("list-follow"), follow=True).content.decode()
    assert "held here already" in answer


def test_a_place_that_is_away_is_told_and_what_is_held_stays(elsewhere, browser):
    browser.post(reverse("list-follow"))
    elsewhere.folder.rename(elsewhere.folder.with_name("gone"))
    answer = browser.post(reverse("list-follow"))
    assert answer.status_code == 422
    assert "trust-source" in answer.content.decode()
    assert held_version() == 1


def test_a_node_that_follows_nobody_says_so(elsewhere, browser, monkeypatch):
    monkeypatch.setattr(settings, "HUXIN", replace(settings.HUXIN, follows=""))
    answer = browser.post(reverse("list-follow"), follow=True)
    assert "This node follows nobody" in answer.content.decode()
    assert jobs.follow_list.func() == "same"
    DBTaskResult.objects.all().delete()
    jobs.ensure()
    assert not DBTaskResult.objects.exists()


def test_a_list_comes_from_a_file_too_and_an_older_one_is_refused(elsewhere, browser):
    elsewhere.round()
    second = trust_bundle.pack(trust_repository.files_of(elsewhere.folder))
    assert "version 2" in hand_in(browser, second, 200)
    text = hand_in(browser, elsewhere.first, 422)
    assert "older than what is held" in text
    assert "trust-rollback" in text
    assert held_version() == 2
    assert "held here already" in hand_in(browser, second, 200)
    assert entries("trust-list-refused") == [{"code": "trust-rollback"}]


@pytest.mark.parametrize("data", [b"spoilt", b"\x1f\x8b", b"{}"])
def test_what_is_no_list_is_refused(elsewhere, browser, data):
    assert "trust-file" in hand_in(browser, data, 422)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(elsewhere, browser, monkeypatch):
    from huxin.node.trust.forms import proposals as forms

    monkeypatch.setattr(forms, "MOST_BUNDLE", 10)
    assert "too-big" in hand_in(browser, elsewhere.first, 422)


def test_the_job_takes_it_and_asks_for_its_next_time(world, elsewhere, browser, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    jobs.ensure()
    jobs.ensure()
    [asked] = DBTaskResult.objects.all()
    assert asked.task_path == jobs.follow_list.module_path
    asked.delete()
    assert jobs.follow_list.func() == "taken"
    assert jobs.follow_list.func() == "same"
    [asked] = DBTaskResult.objects.all()
    assert asked.run_after == world.now + timedelta(seconds=60)
    elsewhere.folder.rename(elsewhere.folder.with_name("gone"))
    assert jobs.follow_list.func() == "trust-source"
    assert held_version() == 1


def finish(row, value, at):
    row.status, row.finished_at, row.return_value = "SUCCESSFUL", at, value
    row.save(update_fields=["status", "finished_at", "return_value"])


@pytest.mark.parametrize(
    ("value", "words"),
    [("taken", "a newer list was taken"), ("same", "the same as here"),
     ("trust-rollback", "older than what is held")],
)  # fmt: skip
def test_what_the_job_did_last_is_shown_and_nothing_older_is_kept(
    world, elsewhere, browser, value, words
):
    for minutes in (30, 10):
        recurring.ask(jobs.follow_list, timedelta(minutes=1))
        [row] = DBTaskResult.objects.filter(status="READY")
        finish(row, value, world.now - timedelta(minutes=minutes))
    text = browser.get(reverse("list-take")).content.decode()
    assert words in text
    assert "../there" in text
    jobs._forget_earlier()
    [row] = DBTaskResult.objects.all()
    assert row.finished_at == world.now - timedelta(minutes=10)


def test_the_operator_sees_how_old_the_list_is_and_when_its_keys_end(world, elsewhere):
    def finding(now):
        return {one.about.en: one.state for one in condition.examine(now=now)}.get("Shared list")

    assert finding(world.now) is None
    follow.follow(by=NOBODY, now=world.now)
    for days, state in ((0, "fine"), (3, "look"), (40, "mend")):
        assert finding(world.now + timedelta(days=days)) == state
    assert {one.region for one in key_calendar.key_ends()} == {"QW", "XA"}
    assert key_calendar.names()["XA"].en == "XA land"
    page = world.client(world.staff(Role.OPERATOR)).get(reverse("operate")).content.decode()
    assert "XA地" in page


def test_a_spoilt_list_costs_no_page_its_names(world, elsewhere):
    follow.follow(by=NOBODY, now=world.now)
    (settings.HUXIN.federation / trust_state.ACCEPTED).write_bytes(b"spoilt")
    assert signing.region_words("XA").en == "XA"
    assert key_calendar.names() == settings.HUXIN.regions
