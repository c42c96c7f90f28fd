"""The second implementation takes a list from an address, over a real line: whom it begins with, and what it does not follow."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.lib.documents import ROOT
from tests.lib.federations import HOUR, Federation, text

pytestmark = [
    pytest.mark.needs("node"),
    pytest.mark.size("all"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

DRIVER = ROOT / "tests" / "lib" / "refresh_from_address.mjs"
TIMESTAMP = "metadata/timestamp.json"


class Site:
    """A repository at an address; `answers` are status and body of names that are answered otherwise."""

    def __init__(self) -> None:
        self.federation = self.older = Federation(3)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.address = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        edition, _, name = path.removeprefix("/trust/").partition("/")
        self.asked.append(name)
        data = (self.older if edition == "older" else self.federation).files.get(name)
        return self.answers.get(name) or ((404, b"") if data is None else (200, data))

    def ask(self, *questions: dict[str, Any]) -> list[dict[str, Any]]:
        """Ask one client so many times."""
        usual = {"address": f"{self.address}/trust/v1", "at": text(self.federation.now + HOUR)}
        lines = [json.dumps(usual | one) for one in questions]
        done = subprocess.run(
            ["node", DRIVER], input="\n".join(lines), capture_output=True, text=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def pinned(self) -> dict[str, str]:
        return {"pinned": sha256(self.federation.first_root()).hexdigest()}


@contextmanager
def open_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = site.answer(self.path)
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", "/trust/v1/elsewhere.json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as found:
        yield found


def test_an_address_is_believed_by_its_first_root_or_by_the_digest_of_it(site):
    root = base64.b64encode(site.federation.first_root()).decode()
    assert site.ask({}) == [{"code": "trust-pin"}]
    assert site.ask({"pinned": "00" * 32}) == [{"code": "trust-pin"}]
    for given in (site.pinned(), {"root": root}):
        first, again, other = site.ask(given, {}, {"pinned": "00" * 32})
        assert (first["code"], first["first"], first["keys"]) == ("", True, 6)
        assert (again["code"], again["first"]) == ("", False)
        assert other == {"code": "trust-pin"}


def test_what_is_held_is_not_asked_for_again(site):
    site.ask(site.pinned())
    whole = len(site.asked)
    site.asked.clear()
    site.ask(site.pinned(), {})
    assert len(site.asked) - whole <= 2


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, b"", "trust-missing"),
        (403, b"", "trust-missing"),
        (410, b"", "trust-missing"),
        (301, b"", "trust-source"),
        (302, b"", "trust-source"),
        (500, b"", "trust-source"),
        (200, b" " * 20_000, "too-big"),
        (200, b"<html></html>", "trust-file"),
    ],
)
def test_what_an_address_answers_instead_has_its_code(site, status, body, code):
    site.answers[TIMESTAMP] = (status, body)
    assert site.ask(site.pinned()) == [{"code": code}]
    assert "elsewhere.json" not in site.asked


def test_nobody_at_an_address_and_what_is_no_address(site):
    gone = {"address": "http://127.0.0.1:1/trust/v1"}
    (told,) = site.ask(site.pinned() | gone)
    assert told == {"code": "trust-source"}
    for address in ("ftp://127.0.0.1/", "list", f"{site.address}/?a=b", f"{site.address}/#a"):
        assert site.ask(site.pinned() | {"address": address}) == [{"code": "trust-source"}]


def test_a_list_that_goes_on_is_followed_and_one_that_goes_back_is_not(site):
    site.older = site.federation.copy()
    site.federation.publish("region-QV", later=2 * HOUR)
    older = {"address": f"{site.address}/trust/older"}
    first, on, back = site.ask(site.pinned() | older, {}, older)
    assert (first["versions"]["region-QV"], on["versions"]["region-QV"]) == (1, 2)
    assert back == {"code": "trust-rollback"}
