"""A node that really runs, for browser tests: served as an operator serves it, with its worker.

with running_node(folder) as site:
    site.origin                                  http://localhost:…
    site.ask("staff", role="clerk")["name"]      written by the scribe
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lib import uncovered
from tests.lib.node_folders import make_node
from tests.lib.ports import kept_port

ROOT = Path(__file__).resolve().parent.parent.parent
HUXIN = [sys.executable, "-c", "from huxin.cli.main import main; main()"]
READY_WITHIN = 240
# Other people's database is no business of the tests; a browser asks faster than a person.
SURROUNDINGS = uncovered.surroundings()
SURROUNDINGS.pop("DATABASE_URL", None)
SURROUNDINGS |= {"HUXIN_REQUESTS_A_MINUTE": "100000", "PYTHONUNBUFFERED": "1"}


class Site:
    """The node as a test sees it: where it is, and the scribe who writes into its tables."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.origin = f"http://localhost:{port}"
        self.log = folder / "said.txt"
        self.children: list[subprocess.Popen] = []
        self._scribe: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()
        self._leash = os.pipe()

    def start(self) -> None:
        make_node(self.folder, origin=self.origin)
        subprocess.run(
            [*HUXIN, "node", "migrate", str(self.folder)],
            env=SURROUNDINGS, check=True, capture_output=True, cwd=ROOT,
        )  # fmt: skip
        self._scribe = subprocess.Popen(
            [sys.executable, "-m", "tests.lib.node_scribe"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=SURROUNDINGS | {
                "HUXIN_NODE": str(self.folder),
                "DJANGO_SETTINGS_MODULE": "huxin.node.project.settings",
            },
        )  # fmt: skip
        self.serve()

    def serve(self) -> None:
        """Serve, and return when the node answers; after `halt` too."""
        self.children = [
            self._run("serve", str(self.folder), "--port", str(self.port)),
            self._run("work", str(self.folder)),
        ]
        self._wait()

    def ask(self, do: str, **words: Any) -> Any:
        """Have the scribe do something; see `node_scribe`."""
        assert self._scribe is not None
        assert self._scribe.stdin is not None
        assert self._scribe.stdout is not None
        with self._turn:
            self._scribe.stdin.write(json.dumps({"do": do, **words}) + "\n")
            self._scribe.stdin.flush()
            answer = self._scribe.stdout.readline()
        told = json.loads(answer)
        assert "trouble" not in told, told["trouble"]
        return told["is"]

    def stop(self) -> None:
        if self._scribe is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._scribe.communicate(timeout=10)
            self._scribe.kill()
            self._scribe.wait()
        self.halt()
        for end in self._leash:
            os.close(end)

    def halt(self) -> None:
        """Serve no more; what the node keeps stays."""
        for child in self.children:
            _signal(child, signal.SIGTERM)
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(10)
            # The head of a group may have gone before its workers.
            _signal(child, signal.SIGKILL)
            child.wait()
        self.children = []

    def _run(self, *words: str) -> subprocess.Popen:
        leash, _ = self._leash
        with self.log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.lib.leashed", str(leash), "node", *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=SURROUNDINGS, cwd=ROOT,
                start_new_session=True, pass_fds=(leash,),
            )  # fmt: skip

    def _wait(self) -> None:
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                line.request("GET", "/health", headers={"Host": f"localhost:{self.port}"})
                status = line.getresponse().status
                line.close()
                if status == 200:
                    return
            assert self.children[0].poll() is None, self.log.read_text("utf-8")
            time.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8"))


@contextlib.contextmanager
def running_node(folder: Path) -> Iterator[Site]:
    site = Site(folder, kept_port())
    try:
        site.start()
        yield site
    finally:
        site.stop()


def _signal(child: subprocess.Popen, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
