"""The demo as it runs, three nodes and the tour, in a folder of a test.

demo = Demo(folder)              # waits until it names its address
demo.tour, demo.nodes["QW"]      # where the tour and a node are
demo.stop()                      # as Ctrl-C does
"""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

HUXIN = [sys.executable, "-c", "from huxin.cli.main import main; main()"]
START_WITHIN = 320


class Demo:
    """A demo that runs in a folder; `stop` ends it as Ctrl-C does."""

    def __init__(self, folder: Path, *words: str, env: Mapping[str, str] = os.environ) -> None:
        self.folder = folder
        self.began = time.monotonic()
        with (folder.parent / "out.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [*HUXIN, "demo", "--folder", str(folder), "--port", str(free_port()), *words],
                stdout=out, stderr=out, env={**env, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        self.out = folder.parent / "out.txt"
        self.from_line = len(self.out.read_text("utf-8"))
        self.tour = ""
        self.seconds = self._wait()
        told = json.loads((folder / "tour.json").read_text("utf-8"))
        self.nodes: dict[str, str] = {one["code"]: one["origin"] for one in told["nodes"]}

    def _wait(self) -> float:
        while time.monotonic() - self.began < START_WITHIN:
            said = self.out.read_text("utf-8")[self.from_line :]
            if found := re.search(r"Open:\s+(http://\S+)", said):
                self.tour = found[1]
                return time.monotonic() - self.began
            assert self.process.poll() is None, said
            time.sleep(0.05)
        raise AssertionError(self.out.read_text("utf-8"))

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(120)

    def group_members(self) -> list[int]:
        """The processes that belong to this demo, by the folder in their command."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes()
                if b"demo_child" in words and str(self.folder).encode() in words:
                    found.append(int(path.parent.name))
        return found

    def health(self, code: str) -> int:
        """What a node answers when it is asked how it is; 0 when nobody answers."""
        where = urlsplit(self.nodes[code])
        line = http.client.HTTPConnection("127.0.0.1", where.port or 80, timeout=60)
        try:
            line.request("GET", "/health", headers={"Host": where.netloc})
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


def free_port() -> int:
    """A port that is free, with room for the nodes' ports behind it."""
    for _ in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 65_000:
            return port
    raise AssertionError


def until(holds: Callable[[], bool], seconds: float = 240.0) -> bool:
    """Ask again and again whether something holds, for so long at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False
