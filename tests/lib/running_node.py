"""A whole node in processes of its own, for tests that stop it, kill it and start it again.

node = RunningNode(tmp_path / "node")
node.start(HUXIN_CRASH_AT="issue.signed")
clerk = node.browser("clerk", PASSWORD)
answer = clerk.post("/desk/…", {...})

The node listens on 127.0.0.1 only.  What is in its database is read beside it, without Django, as
somebody would who does not trust the program.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.lib.node_folders import make_node
from tests.lib.ports import kept_port

ROOT = Path(__file__).resolve().parents[2]
_SERVE = "import sys; from huxin.cli.main import main; sys.argv[0] = 'huxin'; main()"
_PATIENCE = 180.0


class GoneError(Exception):
    """The node did not answer: it died, or is not there."""


@dataclass
class Answer:
    status: int
    location: str
    text: str


class RunningNode:
    """A node's folder and the processes that serve it."""

    def __init__(self, folder: Path, **seed: Any) -> None:
        self.folder = folder
        self.port = kept_port()
        make_node(folder, origin=f"http://localhost:{self.port}")
        with (folder / "node.toml").open("a", encoding="utf-8") as about:
            about.write("daily = 100000\n")
        self._command("node", "migrate", str(folder))
        seeded = self._run(["-m", "tests.lib.seed_node", str(folder), json.dumps(seed)])
        self.seeded: dict[str, Any] = json.loads(seeded)
        self._process: subprocess.Popen[bytes] | None = None

    def _environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUXIN_")}
        kept.pop("DATABASE_URL", None)
        paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        many = {"HUXIN_REQUESTS_A_MINUTE": "1000000", "HUXIN_NODE": str(self.folder)}
        return {**kept, "PYTHONPATH": paths, **many, **more}

    def _run(self, arguments: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self._environment(), cwd=ROOT, check=False,
            capture_output=True, timeout=600, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _command(self, *arguments: str) -> str:
        return self._run(["-c", _SERVE, *arguments])

    def start(self, **environment: str) -> None:
        """Serve, and return when the node answers."""
        assert self._process is None
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, "node", "serve", str(self.folder), "--port", str(self.port)],
            env=self._environment(**environment), cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            with contextlib.suppress(GoneError):
                if Browser(self).get("/health").status == 200:
                    return
            time.sleep(0.1)
        self.kill()
        raise AssertionError("the node did not start")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would, and wait until they are gone."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=_PATIENCE)
            self._process = None

    def browser(self, name: str, password: str) -> "Browser":
        found = Browser(self)
        found.sign_in(name, password)
        return found

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the database as it lies on the disk."""
        with contextlib.closing(sqlite3.connect(self.folder / "node.sqlite3")) as database:
            return database.execute(query, values).fetchall()


@dataclass
class Browser:
    """As much of a browser as a form needs: cookies, and the token against forged forms."""

    node: RunningNode
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        token = next((v for k, v in self.cookies.items() if k.endswith("_csrf")), "")
        return self._ask("POST", path, {**fields, "csrfmiddlewaretoken": token})

    def sign_in(self, name: str, password: str) -> None:
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": name, "password": password})
        assert answer.status == 302, re.sub(r"\s+", " ", answer.text)[-600:]

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Answer:
        origin = f"http://localhost:{self.node.port}"
        headers = {
            "Host": f"localhost:{self.node.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": origin,
        }
        line = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=120)
        try:
            line.request(method, path, urlencode(fields) if fields is not None else None, headers)
            response = line.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise GoneError(path) from error
        finally:
            line.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)
