"""`huxin demo`: where it is reached, what it says, what it leaves alone.  Its run: tests/flows."""

import contextlib
import io
import signal
import socket
import ssl

import click
import pytest
import zxingcpp
from PIL import Image

from huxin.cli import demo
from huxin.node.project import supervise
from huxin.node.project.supervise import DemoError, Site
from tests.lib.running_demo import free_port
from tests.lib.terminal import Terminal

LOOPBACK = pytest.mark.allow_hosts(["127.0.0.1", "::1"])


class Silent:
    """A supervisor that starts nothing."""

    fault: Exception | None = None
    status = 200
    started: list[Site] = []  # noqa: RUF012  # emptied by the fixture
    stopped = 0

    def __init__(self, folder, site, say):
        self._say = say
        self._site = site

    def start(self):
        type(self).started.append(self._site)
        if self.fault:
            raise self.fault
        self._say("", "making")
        self._say("QW", "made")
        self._say("tour", "running")

    def stop(self):
        type(self).stopped += 1

    def get(self, name, path, *, patience):
        return self.status

    def watch(self):
        signal.raise_signal(signal.SIGTERM)
        return "QW"

    def why_ended(self, name):
        return f"serve, exit 1: logs/{name}-serve.log"


@pytest.fixture
def silent(monkeypatch):
    monkeypatch.setattr(Silent, "started", [])
    monkeypatch.setattr(Silent, "stopped", 0)
    monkeypatch.setattr(supervise, "Supervisor", Silent)
    monkeypatch.setattr(demo, "_free_ports", lambda address, first, held: {
        "tour": first, "QV": first + 1, "QW": first + 2, "QX": first + 3})  # fmt: skip
    return Silent


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def test_a_run_ends_with_one_address_and_stops_everything(terminal, silent):
    told = terminal.run("demo", "--folder", terminal.folder / "d")
    assert told.exit_code == 0, told.stderr
    for said in (
        "苇洲 Reed Isles: 人和卡做好了",
        "http://localhost:8800/tour",
        "clerk",
        "Stopping",
    ):
        assert said in told.stdout
    assert silent.stopped == 1


def test_a_check_ends_by_itself(terminal, silent):
    told = terminal.run("demo", "--check", "--folder", terminal.folder / "d", "--port", 9100)
    assert told.exit_code == 0
    assert "✓ tour /tour 200" in told.stdout
    assert silent.started[0].tour_url == "http://localhost:9100/tour"


def test_a_page_that_does_not_answer_fails_the_check(terminal, silent, monkeypatch):
    monkeypatch.setattr(silent, "status", 500)
    told = terminal.run("demo", "--check", "--folder", terminal.folder / "d")
    assert told.exit_code == 1
    assert "✕ QV / 500" in told.stdout
    assert silent.stopped == 1


def test_what_could_not_start_says_where_to_look(terminal, silent, monkeypatch):
    monkeypatch.setattr(silent, "fault", DemoError("QW: logs/QW-serve.log"))
    told = terminal.run("demo", "--folder", terminal.folder / "d")
    assert told.exit_code == 1
    assert "QW-serve.log" in told.stderr
    assert silent.stopped == 1


def test_a_folder_of_somebody_elses_is_refused(terminal, silent):
    told = terminal.run("demo", "--fresh", "--folder", terminal.folder)
    assert told.exit_code == 1
    assert "[exists]" in told.stderr
    assert (terminal.folder / "pass").exists()
    assert silent.started == []


def test_another_versions_demo_asks_for_fresh(terminal, silent, monkeypatch):
    from huxin.adapters import clock
    from huxin.node.project import demo_folder

    taken = demo_folder.take(terminal.folder / "d")
    taken.make(now=clock.now())
    (taken.node("QW") / "things.json").write_text("{}")
    taken.give_back()
    monkeypatch.setattr(demo_folder, "_tables", lambda: "others")
    told = terminal.run("demo", "--folder", terminal.folder / "d")
    assert told.exit_code == 1
    assert "FRESH=1" in told.stderr
    assert terminal.run("demo", "--fresh", "--folder", terminal.folder / "d").exit_code == 0


def test_on_the_local_network_a_phone_can_scan_the_address(terminal, silent, monkeypatch):
    monkeypatch.setattr(demo, "_lan_address", lambda: "192.0.2.7")
    told = terminal.run("demo", "--lan", "--folder", terminal.folder / "d")
    assert told.exit_code == 0, told.stderr
    assert "https://192.0.2.7:8800/tour" in told.stdout
    (site,) = silent.started
    certificate, key = site.tls
    assert key.stat().st_mode & 0o077 == 0
    shaken_hands(certificate, key, "192.0.2.7")
    shaken_hands(certificate, key, "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken_hands(certificate, key, "192.0.2.8")


def shaken_hands(certificate, key, host):
    """Let a client that believes the certificate meet the server, in memory."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)


def test_the_code_in_the_terminal_can_be_read():
    lines = demo._picture("https://192.0.2.7:8800/tour").split("\n")
    halves = {" ": (0, 0), "▄": (0, 255), "▀": (255, 0), "█": (255, 255)}
    rows = [[halves[sign][half] for sign in line] for line in lines for half in (0, 1)]
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([cell for row in rows for cell in row])
    large = image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST)
    large.save(io.BytesIO(), "PNG")
    (found,) = zxingcpp.read_barcodes(large)
    assert found.text == "https://192.0.2.7:8800/tour"


@pytest.fixture
def held():
    with contextlib.ExitStack() as kept:
        yield kept


@LOOPBACK
def test_a_port_that_is_taken_is_replaced_and_it_is_said(capsys, held):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1] - 1
        ports = demo._free_ports("127.0.0.1", first, held)
    assert ports["QV"] != first + 1
    assert len(set(ports.values())) == 4
    assert f"端口 {first + 1} 有人用" in capsys.readouterr().out


@LOOPBACK
@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_port_that_only_browsers_would_find_taken_is_left_alone(capsys, held):
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        first = taken.getsockname()[1]
        ports = demo._free_ports("127.0.0.1", first, held)
    assert ports["tour"] != first
    said = capsys.readouterr().out
    assert f"端口 {first} 有人用" in said
    assert f"Port {first} is taken; using {ports['tour']}" in said


@LOOPBACK
def test_ports_are_kept_for_the_nodes_and_given_back(held):
    first = free_port()
    ports = demo._free_ports("127.0.0.1", first, held)
    # Somebody else, another demo too, finds them taken; a node, which shares, can listen there.
    with contextlib.ExitStack() as others:
        assert not set(demo._free_ports("127.0.0.1", first, others).values()) & set(ports.values())
    with socket.create_server(("127.0.0.1", ports["QV"]), reuse_port=True):
        assert demo._answers("127.0.0.1", ports["QV"])
    assert not demo._answers("127.0.0.1", ports["QV"])
    held.close()
    with socket.create_server(("127.0.0.1", ports["QV"])):
        pass


@LOOPBACK
def test_an_address_of_another_machine_has_no_ports(held):
    with pytest.raises(click.ClickException):
        demo._free_ports("192.0.2.1", 8800, held)
