"""A small folder with the verifier's own service worker, built as the build does it, and a server of plain files.

folder = KeptFolder(path)
folder.build("first")            # index.html says which edition it is
with served(path) as origin: …
"""

import contextlib
import functools
import http.server
import json
import subprocess
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"
ESBUILD = VERIFIER / "node_modules" / "esbuild" / "bin" / "esbuild"

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>kept</title><link rel="icon" href="data:,">
<h1>{words}</h1><p id="data"></p><p id="news"></p><button id="use">use</button>
<script type="module" src="app.js"></script></html>"""
_APP = """import { onNewEdition, register, useNewEdition, lookForNewEdition } from "./client.js";
const at = (name) => document.getElementById(name);
onNewEdition(() => { at("news").textContent += "new edition "; });
at("use").addEventListener("click", useNewEdition);
globalThis.look = lookForNewEdition;
register();
fetch("data/setup.json").then((one) => one.ok ? one.json() : {}).then((said) => { at("data").textContent = said.says ?? "nothing"; });
"""


class KeptFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "data").mkdir(parents=True)
        self.says("first data")

    def says(self, words: str) -> None:
        self.data(json.dumps({"says": words}).encode())

    def data(self, content: bytes) -> None:
        (self.path / "data" / "setup.json").write_bytes(content)

    def build(self, words: str) -> None:
        """Write an edition: the page, its script, and the service worker that knows both."""
        (self.path / "index.html").write_text(_PAGE.format(words=words), "utf-8")
        (self.path / "app.js").write_text(_APP, "utf-8")
        self._bundle("client", "esm")
        names = ("index.html", "app.js", "client.js")
        files = {name: _digest((self.path / name).read_bytes()) for name in names}
        edition = _digest(json.dumps(files).encode())
        self._bundle("service", "iife", __FILES__=files, __EDITION__=edition)

    def _bundle(self, name: str, shape: str, **define: object) -> None:
        words = [f"--define:{key}={json.dumps(value)}" for key, value in define.items()]
        subprocess.run(
            ["node", ESBUILD, f"src/shell/{name}.js", "--bundle", f"--format={shape}",
             f"--outfile={self.path / name}.js", "--log-level=warning", *words],
            cwd=VERIFIER, check=True,
        )  # fmt: skip


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        # It counts changes by the second, and a test changes a file twice in one.
        del self.headers["If-Modified-Since"]
        super().do_GET()

    def log_message(self, *words: object) -> None:
        pass


class Served:
    """Plain files of a folder on a port that stays the same when it is stopped and started."""

    def __init__(self, folder: Path) -> None:
        self._handler = functools.partial(_Quiet, directory=str(folder))
        self._port = 0
        self._server: http.server.ThreadingHTTPServer | None = None
        self.start()
        self.origin = f"http://localhost:{self._port}"

    def start(self) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Served]:
    made = Served(folder)
    try:
        yield made
    finally:
        made.stop()
