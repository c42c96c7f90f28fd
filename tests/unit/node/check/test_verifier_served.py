"""The offline verifier as the node serves it: its files and its data, to anybody, without a cookie."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from huxin.adapters import status_files, trust_repository, trust_state, verifier_folder
from huxin.adapters.trust_bundle import open_bundle
from huxin.adapters.trust_policy import open_policy
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.node.trust import signing
from huxin.node.trust.queries import journey, rules
from huxin.trust import reading
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from huxin.trust.verify import Basis, verify
from tests.lib.ceremonies import TITLE, charter, party, witnessed
from tests.lib.policies import write_policy
from tests.lib.regions import Region
from tests.lib.rules import document

pytestmark = pytest.mark.django_db

FILES = {
    "index.html": (b"<!doctype html>", "text/html; charset=utf-8"),
    "app.js": (b"export {}", "text/javascript; charset=utf-8"),
    "zxing_reader.wasm": (b"\0asm", "application/wasm"),
    "manifest.webmanifest": (b"{}", "application/manifest+json"),
    "languages/en.json": (b"{}", "application/json"),
}
URI = "https://reed.example.org/status/1"


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A page as it may be built, whatever is committed."""
    for name, (data, _) in FILES.items():
        path = tmp_path / "built" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.setattr(verifier_folder, "_home", lambda _: tmp_path / "built")
    verifier_folder.built.cache_clear()
    yield
    verifier_folder.built.cache_clear()


@pytest.fixture
def shared(world, tmp_path, monkeypatch):
    """QW's node with a list of two regions."""
    monkeypatch.setattr(settings, "HUXIN", replace(settings.HUXIN, path=tmp_path))
    (tmp_path / "trust.json").write_text('{"huxin": "trust", "version": 1, "keys": []}')
    now = world.now - timedelta(hours=3)
    parties = [party("QW", environment="test"), party("XA", environment="test")]
    text = charter(environment="test")
    proposal = found([one.statement for one in parties], text, title=TITLE, now=now)
    whole = witnessed(proposal, None, parties, now=now)
    files = trust_repository.published(whole)
    root = files["metadata/1.root.json"]
    refresh(Bundle(files), settings.HUXIN.federation, root=root, now=now)
    yield files
    signing._store.cache_clear()
    journey.specimens.cache_clear()


def get(world, name, status=200, **headers):
    answer = world.client().get(f"/verifier/{name}", headers=headers)
    assert answer.status_code == status
    return answer


def setup_of(world):
    return json.loads(get(world, "data/setup.json").content)


@pytest.mark.parametrize("name", ["", *FILES])
def test_its_files_are_given_with_their_types_and_a_policy_of_its_own(world, built, name):
    answer = get(world, name)
    data, kind = FILES[name or "index.html"]
    assert (answer.content, answer["Content-Type"]) == (data, kind)
    assert "'wasm-unsafe-eval'" in answer["Content-Security-Policy"]
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert "report-uri" not in answer["Content-Security-Policy"]
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert answer.cookies == {}
    again = get(world, name, 304, **{"If-None-Match": answer["ETag"]})
    assert (again.content, again["Cache-Control"]) == (b"", "no-cache")


@pytest.mark.parametrize("name", ["app.js", "zxing_reader.wasm", "data/setup.json"])
def test_a_browser_that_unpacks_is_sent_less(world, built, name):
    plain = get(world, name)
    packed = get(world, name, **{"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert all("Accept-Encoding" in one["Vary"] for one in (plain, packed))
    assert plain["ETag"] != packed["ETag"]
    again = get(world, name, 304, **{"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.content == b""
    for refuses in ("gzip;q=0", "br", ""):
        assert "Content-Encoding" not in get(world, name, **{"Accept-Encoding": refuses})


def test_what_a_phone_loads_before_the_first_answer_fits_the_budget(world):
    """600 kB is the design's bound; licences and other languages come later."""
    later = ("licences/", "languages/", "training")
    first = [name for name in verifier_folder.built() if not name.startswith(later)]
    first.append("languages/zh-Hans.json")
    assert {"app.js", "zxing_reader.wasm"} < set(first)
    sizes = [len(get(world, name, **{"Accept-Encoding": "gzip"}).content) for name in first]
    assert sum(sizes) <= 600_000


def test_its_policy_holds_nowhere_else(world):
    assert "wasm" not in world.client().get("/check")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["../tokens.css", "..%2ftokens.css", "%2e%2e/tokens.css", "/etc/passwd", "data/", "data/x.json", "languages", "a\0b"]
)  # fmt: skip
def test_no_name_leads_elsewhere(world, built, name):
    get(world, name, 404)


def test_a_node_without_a_shared_list_says_so_in_its_setup(world):
    said = setup_of(world)
    assert (said["huxin"], said["v"], said["root"]) == ("verifier-setup", 1, "")
    assert said["names"][said["region"]] == {
        "zh": settings.HUXIN.name.zh,
        "en": settings.HUXIN.name.en,
    }
    assert said["zone"] == str(settings.HUXIN.time_zone)
    assert said["appeals"] == f"{settings.HUXIN.origin}/appeals/new"
    get(world, "data/list.bundle", 404)


def test_rules_and_words_are_those_of_the_node(world):
    world.rules("school-entry")
    browser = world.client()
    for name, elsewhere in (("rules", "/rules.json"), ("words", "/rules/words.json")):
        given = json.loads(get(world, f"data/{name}.json").content)
        # Without a shared list there are no other region's.
        assert given.pop("listed", []) == []
        assert given == json.loads(browser.get(elsewhere).content)
    (purpose,) = setup_of(world)["purposes"]
    assert (purpose["region"], purpose["id"]) == ("QW", "school")
    assert purpose["effect"] == "informs"
    assert set(purpose["words"]) == {"zh", "en"}


def test_practice_cards_are_answered_as_they_say(world):
    world.rules("occupational-health")
    said = setup_of(world)
    store, book = signing.trust_store(world.now), rules.book(world.now)
    answers = set()
    for one in said["practice"]:
        cards = reading.open(one["text"])
        verdict = verify(cards, Basis(store, None, book), purpose=one.get("purpose"), now=world.now)
        assert verdict.outcome == one["outcome"]
        assert cards[0].credential is not None
        answers.add(one["outcome"])
    assert "accepted" in answers
    assert "rejected" in answers


def test_the_list_is_given_as_a_bundle_that_a_door_takes(world, shared, tmp_path):
    opened = open_bundle(get(world, "data/list.bundle").content)
    assert "memory.json" not in opened
    held = trust_state.read_held(settings.HUXIN.federation)
    assert held is not None
    pinned = held.memory.pinned
    said = setup_of(world)
    assert said["root"] == pinned
    assert set(said["names"]) >= {"QW", "XA"}
    taken = refresh(Bundle(opened), tmp_path / "door", root=None, now=world.now)
    assert (taken.root, taken.freshness.decision) == (pinned, "fresh")


def test_the_newest_set_of_each_list_travels_with_it(world, shared):
    signer = Region("XA", 1, environment="test")
    name = ListName("XA", URI)
    sets = [
        publish(Held(name, number, IndexSet.of(places), world.now, world.now + timedelta(days=2)), signer)
        for number, places in ((1, ()), (2, (7,)))
    ]  # fmt: skip
    path = settings.HUXIN.path / status_files.file_name(name)
    path.parent.mkdir()
    for data in sets:
        path.write_bytes(data)
        opened = open_bundle(get(world, "data/list.bundle").content)
        assert opened[status_files.file_name(name)] == data


def test_a_spoilt_list_is_no_list(world, shared):
    (settings.HUXIN.federation / trust_state.ACCEPTED).write_bytes(b"spoilt")
    get(world, "data/list.bundle", 503)
    get(world, "data/setup.json", 503)


def test_rules_of_other_regions_and_the_place_s_own_decisions_travel_along(world, shared):
    world.rules("school-entry")
    held = trust_state.read_held(settings.HUXIN.federation)
    assert held is not None
    before = held.repository()
    own, other = party("QW", environment="test"), party("XA", environment="test")
    rule = document(region="XA", id="XA-SCHOOL-1")
    files = {"XA/rules.json": json.dumps([rule]).encode()}
    proposal = Draft.of(before, now=world.now).publish("XA", files, title=TITLE)
    after = trust_repository.published(witnessed(proposal, before, [own, other], now=world.now))
    refresh(Bundle({**shared, **after}), settings.HUXIN.federation, root=None, now=world.now)
    policy = write_policy(LocalPolicy("QW", 1), own.hold("officer-1", "officer-2"))
    trust_state.take_policy(settings.HUXIN.federation, policy, region="QW")
    said = setup_of(world)
    assert [(one["region"], one["id"]) for one in said["purposes"]] == [
        ("QW", "school"),
        ("XA", "school"),
    ]
    (listed,) = json.loads(get(world, "data/rules.json").content)["listed"]
    assert (listed["region"], listed["rules"]) == ("XA", [rule])
    assert open_policy(said["policy"].encode()).region == "QW"
