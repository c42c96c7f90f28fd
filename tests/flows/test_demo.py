"""The demo as it runs: real processes on free ports, walked as a visitor's browser would.

Slow, so in the larger sizes only: the nodes are made once, and each test leaves them running.
"""

import html
import http.client
import os
import re
import socket
import subprocess
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.home.demo.cast import REGIONS
from huxin.node.project import demo_folder
from tests.lib.running_demo import HUXIN, Demo, free_port, until

pytestmark = [pytest.mark.size("all"), pytest.mark.allow_hosts(["127.0.0.1"])]


class Visitor:
    """A browser without scripts: it keeps cookies by host, as browsers do, whatever the port."""

    def __init__(self):
        self.cookies = SimpleCookie()

    def open(self, address, fields=None, *, follow=True):
        parts = urlsplit(address)
        line = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
        head = {"Host": parts.netloc, "Accept-Language": "zh",
                "Cookie": "; ".join(f"{c.key}={c.value}" for c in self.cookies.values())}  # fmt: skip
        body = None
        if fields is not None:
            body = urlencode(fields)
            head["Content-Type"] = "application/x-www-form-urlencoded"
        place = parts.path + (f"?{parts.query}" if parts.query else "")
        line.request("GET" if body is None else "POST", place, body, head)
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        line.close()
        if follow and answer.status in (301, 302, 303):
            to = answer.headers["Location"].partition("#")[0]
            there = to if "://" in to else f"http://{parts.netloc}{to}"
            return self.open(there)
        return answer.status, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "d"


@pytest.fixture(scope="module")
def running(folder):
    demos = [Demo(folder)]
    yield demos
    demos[-1].stop()
    assert demos[-1].group_members() == []


@pytest.fixture
def demo(running):
    return running[-1]


def tokens(demo, visitor):
    """The buttons of the tour: (node, what the button says) → (address, token)."""
    _, page = visitor.open(demo.tour)
    rows = re.findall(
        r'action="(\S+/demo/enter)" target="node-(\w+)"><input[^>]*value="([^"]+)".*?</svg>\s*<span>(.*?)</span><span',
        page,
        re.DOTALL,
    )
    return {(code, words.strip()): (address, token) for address, code, token, words in rows}


def csrf_token(page):
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def order(demo, visitor, words):
    _, page = visitor.open(demo.tour)
    token = csrf_token(page)
    place = demo.tour.replace("/tour", "/tour/order")
    return visitor.open(place, {"csrfmiddlewaretoken": token, "asked": words})


def test_a_visitor_enters_as_the_clerk_and_as_nobody_else(demo):
    visitor = Visitor()
    status, page = visitor.open(demo.tour)
    assert status == 200
    assert page.count('data-state="running"') == 3
    buttons = tokens(demo, visitor)
    address, token = buttons["QW", "进入：签发员 · 苇洲"]
    status, page = visitor.open(address, {"token": token})
    assert status == 200
    assert "林㑇" in page or "签发" in page
    assert visitor.open(f"{demo.nodes['QW']}/desk")[0] == 200
    # The same token opens no other node, and nothing without a token is open.
    other = f"{demo.nodes['QV']}/demo/enter"
    assert Visitor().open(other, {"token": token})[0] == 403
    assert Visitor().open(other, {"token": "forged"})[0] == 403


def test_cookies_of_nodes_on_one_host_do_not_meet(demo):
    visitor = Visitor()
    for (code, _), (address, token) in tokens(demo, visitor).items():
        visitor.open(address, {"token": token})
        assert f"huxin_{code.lower()}_session" in visitor.cookies


def test_a_node_is_stopped_and_started_again_and_the_tour_stands(demo):
    visitor = Visitor()
    status, page = order(demo, visitor, "stop QW")
    assert status == 200
    assert 'data-node="QW" data-state="stopped"' in page
    assert demo.health("QW") == 0
    assert demo.health("QV") == 200
    # Its address stays its own while it is off.
    with pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", urlsplit(demo.nodes["QW"]).port))
    order(demo, visitor, "start QW")
    assert until(lambda: demo.health("QW") == 200)


def test_an_order_from_elsewhere_is_refused(demo):
    place = demo.tour.replace("/tour", "/tour/order")
    assert Visitor().open(place, {"asked": "stop QW"})[0] == 403
    assert demo.health("QW") == 200


def words_of(page):
    """What a page says in its main part, without its markup."""
    main = page[page.index("<main") : page.index("</main")]
    return html.unescape(re.sub(r"<[^>]*>|\s+", " ", main))


def says_of(demo, code, name):
    """What the door of a node says of one of the tour's cards."""
    visitor, address = Visitor(), f"{demo.nodes[code]}/check"
    visitor.cookies["huxin_lang"] = "en"
    card = (demo.folder / "samples" / f"{name}.txt").read_text("utf-8")
    _, page = visitor.open(address)
    status, page = visitor.open(address, {"text": card, "csrfmiddlewaretoken": csrf_token(page)})
    assert status == 200
    return words_of(page)


def comes_to_say(demo, code, name, words):
    """Whether the door says so, once its node has taken what was published elsewhere."""
    return until(lambda: words in says_of(demo, code, name))


def ask(demo, visitor, words):
    """Ask something of a delegate, on the tour; returns what the step says then."""
    _, page = visitor.open(demo.tour)
    place = demo.tour.replace("/tour", "/tour/order?step=together")
    _, page = visitor.open(place, {"csrfmiddlewaretoken": csrf_token(page), "asked": words})
    return words_of(page.split('id="step-together"')[1].join(("<main", "</main>")))


class Delegate:
    """The delegate of a region, at its node."""

    def __init__(self, demo, code):
        self.visitor = Visitor()
        self.visitor.cookies["huxin_lang"] = "en"
        buttons = tokens(demo, self.visitor)
        address, token = buttons[code, f"Enter as: Delegate · {REGIONS[code].en}"]
        status, self.page = self.visitor.open(address, {"token": token})
        assert status == 200
        self.node = demo.nodes[code]

    def proposal(self, title):
        """Open a proposal of the list by its title."""
        _, page = self.visitor.open(f"{self.node}/federation/proposals")
        found = re.search(rf'href="(/federation/proposals/[0-9a-f]{{64}})">{title}<', page)
        assert found, words_of(page)
        self.address = f"{self.node}{found[1]}"
        status, self.page = self.visitor.open(self.address)
        assert status == 200
        return words_of(self.page)

    def publish(self):
        fields = {"csrfmiddlewaretoken": csrf_token(self.page)}
        return self.visitor.open(f"{self.address}/publish", fields)


def test_a_fourth_region_is_admitted_by_two_and_a_key_is_suspended(running, demo):
    visitor = Visitor()
    visitor.cookies["huxin_lang"] = "en"
    for code in demo.nodes:
        assert "not on this place's trust list" in says_of(demo, code, "pine-cape")
        assert "Genuine" in says_of(demo, code, "cloud-ferry")

    # One of three has signed; another reads the same at home.
    first, second = Delegate(demo, "QV"), Delegate(demo, "QW")
    for one in (first, second):
        text = one.proposal("Pine Cape joins")
        assert "1 of 3 regions signed, needs 2" in text
        assert "QY joins (probation)." in text
    status, page = first.publish()
    assert status == 422
    assert "root 1/2" in words_of(page)

    assert "has signed" in ask(demo, visitor, "sign join")
    assert "has signed already" in ask(demo, visitor, "sign join")
    assert "2 of 3 regions signed, needs 2" in first.proposal("Pine Cape joins")
    status, page = first.publish()
    assert status == 200
    assert "on probation" in words_of(page)
    for code in demo.nodes:
        assert comes_to_say(demo, code, "pine-cape", "Genuine")
    assert "is in the list already" in ask(demo, visitor, "sign join")
    assert "Pine Cape" in words_of(second.visitor.open(f"{second.node}/federation")[1])

    # Nobody has proposed to suspend anything; then it takes two, and every node knows.
    assert "Nobody has proposed it" in ask(demo, visitor, "sign suspend")
    assert "has proposed to suspend" in ask(demo, visitor, "propose suspend")
    assert "waits for signatures already" in ask(demo, visitor, "propose suspend")
    assert "1 of 3 regions signed" in first.proposal("Suspend a key of Cloud Ferry")
    ask(demo, visitor, "sign suspend")
    first.proposal("Suspend a key of Cloud Ferry")
    assert first.publish()[0] == 200
    for code in demo.nodes:
        assert comes_to_say(demo, code, "cloud-ferry", "was suspended")
    assert "is suspended already" in ask(demo, visitor, "sign suspend")

    # What was signed together stands, and the witnesses sign it anew at the next start.
    demo.stop()
    running.append(Demo(demo.folder))
    assert "Genuine" in says_of(running[-1], "QX", "pine-cape")
    assert "was suspended" in says_of(running[-1], "QX", "cloud-ferry")


def test_a_second_start_keeps_what_was_there(running, demo):
    secret = (demo.folder / "QW" / "secrets.json").read_bytes()
    rows = (demo.folder / "QW" / "things.json").read_text("utf-8")
    demo.stop()
    assert demo.process.returncode == 0
    running.append(Demo(demo.folder))
    assert (demo.folder / "QW" / "secrets.json").read_bytes() == secret
    assert (demo.folder / "QW" / "things.json").read_text("utf-8") == rows


def test_a_killed_supervisor_leaves_no_process_behind(running, demo):
    assert demo.group_members()
    demo.process.kill()
    demo.process.wait(120)
    assert until(lambda: demo.group_members() == []), demo.group_members()
    running.append(Demo(demo.folder))


def test_while_it_runs_the_folder_is_nobody_elses(demo):
    with pytest.raises(RefusalError, match="running"):
        demo_folder.take(demo.folder)


def test_beginning_anew_gives_other_people(running, demo):
    things = (demo.folder / "QW" / "things.json").read_text("utf-8")
    demo.stop()
    running.append(Demo(demo.folder, "--fresh"))
    assert (demo.folder / "QW" / "things.json").read_text("utf-8") != things


def test_the_tour_can_begin_anew_by_itself(demo):
    things = (demo.folder / "QW" / "things.json").read_text("utf-8")
    visitor = Visitor()
    reset = demo.tour.replace("/tour", "/tour/reset")
    _, page = visitor.open(reset)
    token = csrf_token(page)
    assert visitor.open(reset, {"csrfmiddlewaretoken": token})[0] == 200
    path = demo.folder / "QW" / "things.json"
    assert until(lambda: path.exists() and path.read_text("utf-8") != things)
    assert until(lambda: all(demo.health(code) == 200 for code in demo.nodes))


def test_another_database_of_the_surroundings_is_not_touched(tmp_path):
    checked = subprocess.run(
        [*HUXIN, "demo", "--check", "--folder", str(tmp_path / "d"), "--port", str(free_port())],
        capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"DATABASE_URL": "postgresql://nobody@192.0.2.1/theirs"},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "The demo runs" in checked.stdout
