"""The folder of the offline verifier, as somebody serves it from a stick: files, data, the headers of a strict policy.

with served(folder) as place:
    place.origin            http://127.0.0.1:…
    place.asked             every request that came, in order
    place.stop()            from here on nobody answers

`make(folder, …)` copies what is built and writes the data beside it.
"""

import contextlib
import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.lib.documents import ROOT

BUILT = ROOT / "src" / "huxin" / "node" / "base" / "static" / "huxin" / "verifier"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
TYPES = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".bundle": "application/octet-stream",
}


def make(folder: Path, data: dict[str, Any]) -> Path:
    """Copy the page, and write its data: bytes as they are, anything else as JSON."""
    shutil.copytree(BUILT, folder)
    (folder / "data").mkdir()
    for name, content in data.items():
        file = folder / "data" / name
        plain = content if isinstance(content, bytes) else json.dumps(content).encode()
        file.write_bytes(plain)
    return folder


class Place:
    """Where a folder is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread: threading.Thread | None = threading.Thread(
            target=self._server.serve_forever, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        if self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._thread = None


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def __init__(self, place: Place, *args: Any, **words: Any) -> None:
        self._place = place
        super().__init__(*args, directory=str(place.folder), **words)

    def do_GET(self) -> None:
        self._place.asked.append(self.path)
        # It counts changes by the second, and a test changes a file twice in one.
        del self.headers["If-Modified-Since"]
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing: what was asked is counted."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Place]:
    place = Place(folder)
    try:
        yield place
    finally:
        place.stop()
