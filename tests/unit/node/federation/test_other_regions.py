"""What other regions withdrew: fetched from where they say, kept as they signed it, asked at the check."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from huxin.adapters import trust_repository
from huxin.adapters.status_files import file_name
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.node.base import condition
from huxin.node.trust import signing
from huxin.node.trust.actions import fetch_status
from huxin.node.trust.queries import region_sets
from huxin.node.trust.queries.status import status
from huxin.trust import reading
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.result import result
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.federation.charter import Suspension
from huxin.trust.issue import issue
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from huxin.trust.verify import Basis, verify
from tests.lib.ceremonies import NOW, TITLE, charter, party, witnessed
from tests.lib.regions import Region, facts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
XA, XB, QW = (
    Region(one, int.from_bytes(sha256(f"{one} cards 0".encode()).digest(), "big"), environment="test")
    for one in ("XA", "XB", "QW")
)  # fmt: skip
URI = "https://pine-cape.example.org/status/1"
NAME = ListName("XA", URI)
LATER = NOW + 2 * HOUR
ONE = Held(NAME, 1, IndexSet.of(()), NOW, NOW + 2 * DAY)
TWO = Held(NAME, 2, IndexSet.of((77,)), NOW + HOUR, NOW + HOUR + 2 * DAY)
CARD = issue(facts(), XA, now=NOW, status=StatusIndex(URI, 77)).text


def document(*uris):
    lists = [{"uri": one} for one in uris]
    return json.dumps({"huxin": "status", "v": 1, "lists": lists}).encode()


@pytest.fixture
def node(world, tmp_path, monkeypatch):
    """QW's node, at a stated time, that may hold a list of three regions; `node(…)` gives it one."""
    monkeypatch.setattr(settings, "HUXIN", replace(settings.HUXIN, path=tmp_path))
    monkeypatch.setenv("HUXIN_NOW", rfc3339(LATER))
    monkeypatch.setenv("HUXIN_ENVIRONMENT", "test")
    (tmp_path / "trust.json").write_text('{"huxin": "trust", "version": 1, "keys": []}')
    world.now = LATER
    parties = [party(one.region, environment="test") for one in (QW, XA, XB)]

    def hold(*drafts, beside=None):
        text = charter(environment="test")
        proposal = found([one.statement for one in parties], text, title=TITLE, now=NOW)
        whole = witnessed(proposal, None, parties, now=NOW)
        files, before = trust_repository.published(whole), result(whole, None)
        for draft in drafts:
            whole = witnessed(draft(Draft.of(before, now=NOW)), before, parties, now=NOW)
            files.update(trust_repository.published(whole))
            before = result(whole, before)
        place = Bundle({**files, **(beside or {})})
        root = files["metadata/1.root.json"]
        refresh(place, settings.HUXIN.federation, root=root, now=LATER)
        return tmp_path

    yield hold
    signing._store.cache_clear()


def says(region, data):
    return lambda draft: draft.publish(region, {f"{region}/status.json": data}, title=TITLE)


def fetch(now=LATER, *, ticks=lambda: 0.0, **sets):
    """Fetch from a world in which each host answers with these bytes; returns what was told and who was asked."""
    asked = []

    def answer(uri):
        asked.append(uri)
        data = sets.get(uri.removeprefix("https://").partition(".")[0].replace("-", "_"))
        if data is None:
            raise RefusalError("trust-source", "silent")
        return data

    return fetch_status.fetch_status(now=now, fetch=answer, ticks=ticks), asked


def judged(now=LATER):
    return verify(reading.open(CARD), Basis(signing.trust_store(now), status()), now=now)


def kept(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.glob("status/*"))


def test_a_card_that_another_region_withdrew_is_refused_at_this_node(node):
    folder = node(says("XA", document(URI)))
    assert fetch(pine_cape=publish(ONE, XA)) == ({"taken": 1}, [URI])
    assert judged().outcome == "accepted"
    assert fetch(pine_cape=publish(TWO, XA)) == ({"taken": 1}, [URI])
    assert (judged().outcome, judged().code) == ("rejected", "revoked")
    assert kept(folder) == [file_name(NAME)]
    assert fetch(pine_cape=publish(TWO, XA))[0] == {"same": 1}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (publish(ONE, XA), "bad-input"),
        (publish(replace(TWO, version=3, found=IndexSet.of(())), XA), "bad-input"),
        (publish(replace(TWO, version=3), XB), "signature"),
        (publish(replace(TWO, version=3, name=ListName("XB", URI)), XB), "signature"),
        (publish(replace(TWO, version=3, name=ListName("XA", URI + "0")), XA), "bad-input"),
        (publish(replace(TWO, version=3, next_update=LATER), XA), "expired"),
        (publish(replace(TWO, version=3), XA, before=TWO), "bad-input"),
        (b"", "bad-input"),
        (None, "trust-source"),
    ],
    ids=["an older one", "gives a place back", "another's key", "another's set", "another list", "over", "a delta",
         "nothing", "silence"],
)  # fmt: skip
def test_what_is_not_theirs_leaves_what_is_held(node, data, code):
    folder = node(says("XA", document(URI)))
    fetch(pine_cape=publish(TWO, XA))
    (name,) = kept(folder)
    before = (folder / name).read_bytes()
    assert fetch(pine_cape=data)[0] == {code: 1}
    assert (folder / name).read_bytes() == before
    assert judged().code == "revoked"


def test_nobody_is_asked_but_those_who_are_believed_at_the_address_that_they_signed(node):
    since = NOW - HOUR
    gone = Suspension("a", "XB", None, since, {"zh": "失联", "en": "Silent"})
    node(
        says("XA", document(URI)),
        says("XB", document("https://white-strand.example.org/status/1")),
        says("QW", document("https://reed-isles.example.org/status/1")),
        lambda draft: draft.suspend(gone, title=TITLE),
    )
    assert fetch(pine_cape=publish(ONE, XA))[1] == [URI]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        document("https://10.0.0.5/status/1"),
        document("http://pine-cape.example.org/status/1"),
        None,
    ],
    ids=["no document", "a number", "in the clear", "no file"],
)
def test_a_region_that_says_no_usable_address_is_not_asked(node, data):
    node(*([says("XA", data)] if data is not None else []))
    assert fetch() == ({}, [])


def test_this_machine_is_asked_in_rehearsals_alone(node, monkeypatch):
    here = "http://localhost:8000/status/1"
    node(says("XA", document(here)))
    assert region_sets.listed(LATER) == [ListName("XA", here)]
    real = replace(settings.HUXIN, environment="production")
    monkeypatch.setattr(settings, "HUXIN", real)
    assert region_sets.listed(LATER) == []
    assert list(region_sets._addresses(document(here))) == []


def test_a_node_that_has_joined_nothing_asks_nobody(node):
    assert fetch() == ({}, [])
    assert list(region_sets.examine(LATER)) == []


def test_those_that_are_silent_cost_a_stated_time_altogether(node):
    node(says("XA", document(*(f"https://pine-cape.example.org/status/{one}" for one in range(9)))))
    clock = iter(range(0, 1_000, 50))
    told, asked = fetch(ticks=lambda: float(next(clock)))
    assert told == {"trust-source": 2}
    assert len(asked) == 2


def test_what_came_on_a_stick_is_asked_too_and_of_two_the_newer_counts(node):
    folder = node(says("XA", document(URI)), beside={file_name(NAME): publish(TWO, XA)})
    assert judged().code == "revoked"
    assert kept(folder) == []
    assert fetch(pine_cape=publish(TWO, XA))[0] == {"same": 1}
    assert fetch(pine_cape=publish(ONE, XA))[0] == {"bad-input": 1}
    assert fetch(pine_cape=publish(replace(TWO, version=3), XA))[0] == {"taken": 1}
    assert region_sets.held()[NAME].version == 3


def test_a_spoilt_file_is_fetched_again(node):
    folder = node(says("XA", document(URI)))
    fetch(pine_cape=publish(TWO, XA))
    (folder / file_name(NAME)).write_bytes(b"spoilt")
    assert judged().outcome == "accepted"
    assert fetch(pine_cape=publish(TWO, XA))[0] == {"taken": 1}
    assert judged().code == "revoked"


def finding(now):
    found = [one for one in condition.examine(now=now) if one.about.en.endswith("other regions")]
    return [(one.state, one.found.en, one.todo.en if one.todo else "") for one in found]


def test_the_operator_is_told_of_lists_that_are_not_here_or_overdue(node):
    node(says("XA", document(URI)))
    ((state, said, todo),) = finding(LATER)
    assert (state, said) == ("look", "1, 1 of them not here, 0 overdue")
    assert f"ask XA: {URI}" in todo
    fetch(pine_cape=publish(TWO, XA))
    assert finding(LATER) == [("fine", "1, 0 of them not here, 0 overdue", "")]
    assert finding(LATER + 2 * DAY)[0][:2] == ("look", "1, 0 of them not here, 1 overdue")


def test_a_set_that_ages_past_its_next_is_asked_all_the_same(node):
    node(says("XA", document(URI)))
    fetch(pine_cape=publish(TWO, XA))
    assert judged(LATER + 9 * DAY).code == "revoked"


@pytest.mark.parametrize(
    ("language", "missing", "age"),
    [("zh", "没有它的状态清单，未查", "状态清单 1 小时前"), ("en", "withdrawals not looked up", "withdrawals 1 hour old")],
)  # fmt: skip
def test_the_door_says_how_old_the_withdrawals_are_or_that_there_are_none(world, node, language, missing, age):  # fmt: skip
    node(says("XA", document(URI)))
    door = world.client()
    door.cookies["huxin_lang"] = language

    def shown():
        return door.post(reverse("check"), {"text": CARD}).content.decode()

    before = shown()
    assert 'data-outcome="genuine"' in before
    assert missing in before
    fetch(pine_cape=publish(replace(TWO, found=IndexSet.of(())), XA))
    after = shown()
    assert 'data-outcome="genuine"' in after
    assert missing not in after
    assert age in after
    fetch(pine_cape=publish(replace(TWO, version=3), XA))
    assert 'data-outcome="no"' in shown()


def test_the_job_comes_each_hour_and_once(node):
    DBTaskResult.objects.all().delete()
    fetch_status.ensure()
    fetch_status.ensure()
    first = DBTaskResult.objects.get(task_path=fetch_status.fetch_hourly.module_path)
    assert first in DBTaskResult.objects.ready()
    DBTaskResult.objects.update(status="RUNNING")
    assert fetch_status.fetch_hourly.call() == {}
    assert DBTaskResult.objects.get(status="READY") not in DBTaskResult.objects.ready()


class Elsewhere(BaseHTTPRequestHandler):
    """A region's node: its set at one address, and at another a way to it."""

    def do_GET(self):
        self.send_response({"/status/1/set": 200, "/moved/set": 302}.get(self.path, 404))
        data = publish(ONE, XA)
        self.send_header("Location", "/status/1/set")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_a_set_is_had_from_its_address_and_from_nowhere_that_it_points_to():
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            assert fetch_status.fetch_set(f"{address}/status/1") == publish(ONE, XA)
            for path, code in (("moved", "trust-source"), ("status/2", "trust-missing")):
                with pytest.raises(RefusalError, match=code):
                    fetch_status.fetch_set(f"{address}/{path}")
        finally:
            server.shutdown()
            thread.join()
