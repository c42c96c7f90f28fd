"""What is looked at before a node's pages are served, and that nothing goes on serving by itself."""

import contextlib
import os
import signal
import socket
import time

import pytest
from click.testing import CliRunner

from huxin.cli import demo
from huxin.cli.main import main
from huxin.kernel.errors import RefusalError
from huxin.node.project import serving, surroundings
from tests.lib.node_folders import make_node
from tests.lib.node_shell import huxin
from tests.lib.ports import kept_port
from tests.lib.running_node import Browser, GoneError, RunningNode

HERE = "127.0.0.1"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    make_node(tmp_path / "node")
    return tmp_path / "node"


def refused(folder, port=1):
    with pytest.raises(RefusalError) as told:
        serving.serve(folder, address=HERE, port=port, tls=None)
    return told.value.refusal


@pytest.mark.parametrize("option", ["--certificate", "--certificate-key"])
def test_half_a_certificate_is_a_wrong_use_and_never_served_without(folder, option):
    (folder / "x.pem").touch()
    ran = CliRunner().invoke(main, ["node", "serve", str(folder), option, str(folder / "x.pem")])
    assert ran.exit_code == 2
    assert "go together" in ran.output


def test_a_certificate_and_its_key_are_looked_at_before(folder, tmp_path):
    (folder / "node.sqlite3").touch()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (demo._certificate(tmp_path / name, HERE) for name in ("one", "two"))
    serving._refuse_pair(*one)
    (tmp_path / "none.pem").write_text("none")
    none = tmp_path / "none.pem"
    for pair in ((one[0], two[1]), (none, one[1]), (one[0], none), (tmp_path / "gone", one[1])):
        with pytest.raises(RefusalError) as told:
            serving.serve(folder, address=HERE, port=1, tls=pair)
        assert told.value.refusal.code == "bad-input"
        assert pair[0].name in told.value.refusal.detail


@pytest.mark.parametrize("name", ["HUXIN_REQUESTS_A_MINUTE", "HUXIN_SEATS"])
@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5", "9" * 10])
def test_a_number_that_is_none_is_refused_by_its_name(folder, monkeypatch, name, value):
    (folder / "node.sqlite3").touch()
    monkeypatch.setenv(name, value)
    told = refused(folder)
    assert (told.code, told.detail) == ("bad-input", f"{name} is a number from 1")


def test_without_a_variable_or_with_an_empty_one_it_is_as_usual(monkeypatch):
    monkeypatch.delenv("HUXIN_REQUESTS_A_MINUTE", raising=False)
    monkeypatch.setenv("HUXIN_SEATS", "")
    assert (surroundings.requests_a_minute(), surroundings.seats()) == (1200, 64)
    monkeypatch.setenv("HUXIN_SEATS", "7")
    assert surroundings.seats() == 7


def test_names_stand_apart_by_spaces_or_commas(monkeypatch):
    monkeypatch.setenv("HUXIN_HOSTS", "a.example, b.example,c.example  d.example")
    assert surroundings.hosts() == ["a.example", "b.example", "c.example", "d.example"]
    monkeypatch.delenv("HUXIN_HOSTS")
    assert surroundings.hosts() == []


def test_a_node_whose_tables_were_never_made_is_not_served(folder):
    told = refused(folder)
    assert (told.code, told.detail) == ("database", "node.sqlite3 is not there: huxin node migrate")
    assert not (folder / "node.sqlite3").exists()


@pytest.mark.allow_hosts([HERE])
def test_a_port_that_somebody_serves_is_taken_even_if_it_is_shared(folder):
    (folder / "node.sqlite3").touch()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((HERE, 0))
        other.listen()
        port = other.getsockname()[1]
        told = refused(folder, port)
        assert told.code == "bad-input"
        assert f"port {port} of {HERE} is taken" in told.detail


@pytest.mark.allow_hosts([HERE])
def test_a_port_that_is_only_kept_is_ours_and_one_that_is_not_shared_is_not():
    serving._refuse_taken(HERE, kept_port())
    with socket.socket() as other:
        other.bind((HERE, 0))
        with pytest.raises(RefusalError, match="bad-input"):
            serving._refuse_taken(HERE, other.getsockname()[1])


def answers(node):
    with contextlib.suppress(GoneError):
        return bool(Browser(node).get("/health").status)
    return False


@pytest.mark.allow_hosts([HERE])
def test_a_port_is_served_once_and_by_nobody_who_lost_his_parent(tmp_path):
    node = RunningNode(tmp_path / "node")
    node.start()
    try:
        second = huxin("node", "serve", node.folder, "--port", node.port)
        assert second.returncode == 1
        assert f"port {node.port} of {HERE} is taken" in second.stderr
        assert node._process is not None
        os.kill(node._process.pid, signal.SIGKILL)
        ends = time.monotonic() + 60
        while answers(node):
            assert time.monotonic() < ends
            time.sleep(0.1)
    finally:
        node.kill()
