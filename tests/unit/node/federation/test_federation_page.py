"""The shared list in the node: shown to everybody, believed at the check, and handed out file by file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from huxin.adapters import trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.adapters.trust_state import ACCEPTED, take_policy
from huxin.kernel.identifiers import kid_text
from huxin.node.trust import signing
from huxin.node.trust.queries import federation as queries
from huxin.node.trust.views import federation as views
from huxin.trust.ceremony.dissent import with_dissent
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension, parse_charter
from huxin.trust.federation.glance import KeyRow
from huxin.trust.federation.layout import CHARTER
from huxin.trust.federation.notices import Notice
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.region_keys import RegionKeys, tombstone_of
from tests.lib.ceremonies import NOW, TITLE, charter, party, signing_key, witnessed
from tests.lib.policies import write_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(world, tmp_path, monkeypatch):
    """A node that may hold a list of two regions; `shared(…)` gives it the list after some proposals."""
    monkeypatch.setattr(settings, "HUXIN", replace(settings.HUXIN, path=tmp_path))
    (tmp_path / "trust.json").write_text('{"huxin": "trust", "version": 1, "keys": []}')
    parties = [party("QW", environment="test"), party("XA", environment="test")]

    def hold(*drafts, ago=timedelta(hours=3), late=timedelta(0)):
        """Sign the list so long ago, its changes `late` after that, and take it when it is changed."""
        now = world.now - ago
        text = charter(environment="test")
        proposal = found([one.statement for one in parties], text, title=TITLE, now=now)
        whole = witnessed(proposal, None, parties, now=now)
        files, before = trust_repository.published(whole), result(whole, None)
        now += late
        for draft in drafts:
            whole = witnessed(draft(Draft.of(before, now=now)), before, parties, now=now)
            files.update(trust_repository.published(whole))
            before = result(whole, before)
        state, root = settings.HUXIN.federation, files["metadata/1.root.json"]
        refresh(Bundle(files), state, root=root, now=now)
        trust_repository.write_files(settings.HUXIN.repository, files)
        return files

    yield hold
    signing._store.cache_clear()


def shown(world, language="zh", status=200):
    browser = world.client()
    browser.cookies["huxin_lang"] = language
    page = browser.get(reverse("federation"))
    assert page.status_code == status
    return page.content.decode()


def test_a_node_that_has_joined_nothing_says_so(world, shared):
    assert "这个节点还没加入联盟" in shown(world)
    assert world.client().get(reverse("trust-file", args=["metadata/timestamp.json"])).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("联盟", "XA地", "正式", "3 小时前签的", "章程和成员", "XA 的文件", "新的")),
        ("en", ("Union", "XA land", "active", "signed 3 h ago", "charter and members", "files of XA", "XA × 3", "Fresh")),
    ],
)  # fmt: skip
def test_everybody_sees_who_is_in_it_and_who_signed(world, shared, language, words):
    shared()
    text = shown(world, language)
    for word in words:
        assert word in text, word


def test_when_keys_end_is_seen_by_month_and_the_first_by_name(world, shared, monkeypatch):
    shared()
    text = shown(world)
    found = queries.glance(world.now)
    assert found is not None
    keys = found.keys
    assert {one.region for one in keys} == {"QW", "XA"}
    for words in ("密钥到期日历", *(kid_text(one.kid) for one in keys)):
        assert words in text, words
    assert text.count(f"{keys[0].until:%Y-%m-%d}") >= len(keys)
    monkeypatch.setattr(views, "_FIRST", 1)
    assert f"{len(keys) - 1} more, which end no earlier" in shown(world, "en")


def test_a_chart_is_drawn_where_there_is_more_than_one_month(world, shared, monkeypatch):
    shared()
    assert "每月到期的密钥数" not in shown(world)
    rows = tuple(
        KeyRow(world.now + timedelta(days=days), "QW", b"k", ("huxin",)) for days in (9, 90)
    )
    monkeypatch.setattr(queries, "keys_of", lambda *_, **__: rows)
    assert "每月到期的密钥数" in shown(world)


def test_where_no_key_is_left_it_is_said(world, shared, monkeypatch):
    shared()
    monkeypatch.setattr(queries, "keys_of", lambda *_, **__: ())
    assert "没有还能用的密钥" in shown(world)


def test_a_suspension_and_a_dissent_are_seen(world, shared):
    since = world.now - timedelta(hours=4)
    one = Suspension("a", "XA", "ab" * 32, since, {"zh": "外泄", "en": "Leaked"})
    other = Suspension("b", "QW", None, since, {"zh": "失联", "en": "Silent"})
    shared(
        lambda draft: draft.suspend(one, title=TITLE),
        lambda draft: draft.suspend(other, title=TITLE),
        lambda draft: draft.confirm("b", title=TITLE),
        lambda draft: with_dissent(
            draft.amend(charter_of(draft), title=TITLE),
            draft.before,
            "XA",
            "Too soon",
        ),
    )
    text = shown(world, "en")
    for word in ("Leaked", "lapses on", "Silent", "confirmed by a majority", "XA dissents", "Too soon"):  # fmt: skip
        assert word in text, word


def test_a_suspended_region_is_not_called_active(world, shared):
    since = world.now - timedelta(hours=4)
    other = Suspension("b", "QW", None, since, {"zh": "失联", "en": "Silent"})
    shared(lambda draft: draft.suspend(other, title=TITLE))
    text = shown(world)
    assert (text.count("暂停中"), text.count("正式")) == (1, 1)


def test_what_the_node_decides_for_itself_is_public_and_in_force(world, shared):
    shared()
    gone = signing_key("XA cards 0")
    also = RegionKeys("QV", "test", (signing_key("QV cards 0"),))
    policy = LocalPolicy("QW", 4, frozenset({"XA"}), frozenset({tombstone_of(gone.key)}), (also,))
    [before] = signing.trust_store(world.now).find("huxin", gone.kid, None)
    assert (before.standing, before.layer) == ("active", "federation")
    officers = party("QW", environment="test").hold("officer-1", "officer-2")
    take_policy(settings.HUXIN.federation, write_policy(policy, officers), region="QW")
    [after] = signing.trust_store(world.now).find("huxin", gone.kid, None)
    assert (after.standing, after.layer) == ("denied", "local")
    for language, words in (
        ("zh", ("这个节点的本地决定", "第 4 版", "不信 XA 的任何密钥", "另外信 QV 的 1 把密钥")),
        ("en", ("What this node decides for itself", "No key of XA is believed here", "not used after 30 days")),
    ):  # fmt: skip
        text = shown(world, language)
        for word in words:
            assert word in text, word


def told(name="2026-001", **changes):
    title, text = (
        {"zh": "一把密钥丢了", "en": "A key was lost"},
        {"zh": "写明了经过。", "en": "How it came about."},
    )
    return replace(Notice(name, "incident", NOW, title, text), **changes)


def noticed(world, language="zh", status=200):
    browser = world.client()
    browser.cookies["huxin_lang"] = language
    page = browser.get(reverse("federation-notices"))
    assert page.status_code == status
    return page.content.decode()


def test_without_a_list_or_without_notices_the_page_says_so(world, shared):
    assert "还没有通报" in noticed(world)
    shared()
    assert "No notices yet" in noticed(world, "en")


def test_notices_are_read_with_dissent_and_corrections(world, shared):
    right = told("2026-002", kind="news", corrects="2026-001", title={"zh": "找到了", "en": "Found"}, at=NOW + timedelta(hours=1))  # fmt: skip
    shared(
        lambda draft: with_dissent(draft.announce(told(concerns=("QW",)), by="federation", title=TITLE), draft.before, "XA", "Not lost"),
        lambda draft: draft.announce(right, by="federation", title=TITLE),
        lambda draft: draft.announce(told("s-1", kind="data-security"), by="XA", title=TITLE),
    )  # fmt: skip
    text = noticed(world, "en")
    for words in ("A key was lost", "XA dissents", "Not lost", "about QW", "Corrects", "see the correction", "data security", "the federation"):  # fmt: skip
        assert words in text, words
    assert text.index("Found") < text.index("A key was lost")
    assert "事件通报" in noticed(world)
    assert reverse("federation-notices") in shown(world)


def test_notices_that_cannot_be_read_are_told_and_hide_no_others(world, shared):
    shared(
        lambda draft: draft.announce(told(), by="QW", title=TITLE),
        lambda draft: draft.publish("XA", {"XA/notices.json": b"{}"}, title=TITLE),
    )
    text = noticed(world, "en")
    assert "The notices of XA cannot be read" in text
    assert "A key was lost" in text
    (settings.HUXIN.federation / ACCEPTED).write_bytes(b"spoilt")
    assert "清单" in noticed(world, status=500)


def charter_of(draft):
    return parse_charter(draft.before.targets[CHARTER])


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=10), "signed less than an hour ago"),
        (timedelta(days=5), "Stale"),
        (timedelta(days=5), "signed 5 days ago"),
        (timedelta(days=40), "Too old"),
    ],
)
def test_its_age_is_told(world, shared, ago, words):
    shared(ago=ago)
    assert words in shown(world, "en")


def test_a_region_that_did_not_sign_anew_is_marked(world, shared):
    def left(draft):
        return renewed(draft, ["root", "targets", "emergency", "region-QW"], title=TITLE)

    shared(left, ago=timedelta(days=91), late=timedelta(days=90, hours=20))
    text = shown(world, "en")
    assert text.count("did not sign anew") == 1
    kid = signing_key("XA cards 0").kid
    assert signing.trust_store(world.now).find("huxin", kid, None) == ()


def test_a_spoilt_list_is_told(world, shared):
    shared()
    (settings.HUXIN.federation / ACCEPTED).write_bytes(b"spoilt")
    assert "清单" in shown(world, status=500)


def test_the_check_believes_the_list(world, shared):
    key = signing_key("QW cards 0")
    assert signing.trust_store(world.now).find("huxin", key.kid, None) == ()
    shared()
    [anchor] = signing.trust_store(world.now).find("huxin", key.kid, None)
    assert (anchor.region, anchor.standing) == ("QW", "active")
    assert signing.trust_store(world.now).as_of == (world.now - timedelta(hours=3)).replace(microsecond=0)  # fmt: skip


def test_a_list_that_is_too_old_is_not_used(world, shared):
    shared()
    key = signing_key("QW cards 0")
    late = world.now + timedelta(days=40)
    assert signing.trust_store(late).find("huxin", key.kid, None) == ()


def test_a_suspension_lapses_though_nothing_is_written(world, shared):
    since = world.now - timedelta(hours=4)
    one = Suspension("a", "QW", None, since, {"zh": "外泄", "en": "Leaked"})
    shared(lambda draft: draft.suspend(one, title=TITLE))
    kid = signing_key("QW cards 0").kid
    for later, standing in ((timedelta(0), "suspended"), (timedelta(days=15), "active")):
        [anchor] = signing.trust_store(world.now + later).find("huxin", kid, None)
        assert anchor.standing == standing


def test_its_files_are_handed_out_one_by_one(world, shared):
    files = shared()
    client = world.client()
    for name, data in files.items():
        answer = client.get(reverse("trust-file", args=[name]))
        assert (answer.status_code, answer.content) == (200, data)
        kept = "no-cache" if name.endswith("timestamp.json") else "immutable"
        assert kept in answer["Cache-Control"]
    for name in ("metadata/none.json", "metadata/../trust.json", ".publishing", "metadata"):
        assert client.get(f"/trust/v1/{name}").status_code == 404
