"""The demo's supervisor: starts the nodes and the tour, stops them, begins anew when asked.

Responsible for processes: for each node one that serves and one that works, and one that serves
the tour.  Leaves what is in the folder to `demo_folder`, people and cards to `home.demo`, and
what is said in the terminal to `cli.demo`.  Django is not started here.

- each process is the head of a group of its own and holds the end of a pipe: no process outlives
  the supervisor, however it ends (see `demo_child`);
- what a stranger's surroundings name (a database, another node, a passphrase) is not handed on;
- a node's state is what its address answers, not what we believe.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from huxin.adapters import clock
from huxin.adapters.demo_line import ALL, Line, Order
from huxin.kernel.errors import HuxinError, RefusalError
from huxin.node.home.demo.cast import REGIONS
from huxin.node.project.demo_federation import DemoFederation
from huxin.node.project.demo_folder import NODES, PASSPHRASE, TOUR, DemoFolder

__all__ = ["DemoError", "Say", "Site", "Supervisor"]

Say = Callable[[str, str], None]
"""Told what happens: the name of a node or of the tour, and one of the words below."""

_NOT_HANDED_ON: Final = ("DATABASE_URL", "HUXIN_NODE", "HUXIN_KEY_PASSPHRASE", "HUXIN_CRASH_AT")
_READY_WITHIN: Final = 300.0
_STOPPED_WITHIN: Final = 5.0
_BEAT: Final = 0.1
_LOOK: Final = 1.0
_LAST_LINES: Final = 5
_LONGEST: Final = 300


class DemoError(HuxinError):
    """The demo could not be made or started; the sentence says where to look."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where this run is reached: a host, the address to listen at, a port for each, perhaps TLS."""

    host: str
    address: str
    ports: Mapping[str, int]
    tls: tuple[Path, Path] | None = None

    def origin(self, name: str) -> str:
        """Return the address that people type."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.ports[name]}"

    @property
    def tour_url(self) -> str:
        """The one address that is printed."""
        return f"{self.origin(TOUR)}/tour"


@dataclass(slots=True)
class _Node:
    """The processes of a node by what they do; `busy` is a word while somebody is at work on it."""

    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    busy: str = ""

    def alive(self) -> bool:
        return bool(self.children) and not self.ended()

    def ended(self) -> dict[str, int]:
        """Return how each process ended that is not running."""
        statuses = {task: child.poll() for task, child in self.children.items()}
        return {task: status for task, status in statuses.items() if status is not None}


class Supervisor:
    """Runs one demo; every method may be called from any thread."""

    def __init__(self, folder: DemoFolder, site: Site, say: Say) -> None:
        self._folder = folder
        self._federation = DemoFederation(folder.path, PASSPHRASE)
        self._site = site
        self._say = say
        self._nodes = {name: _Node() for name in (*NODES, TOUR)}
        self._locks = {name: threading.Lock() for name in (*NODES, TOUR)}
        self._resetting = threading.Lock()
        self._ending = False
        self._secret = secrets.token_urlsafe(32)
        self._leash, self._held = os.pipe()
        self._line: Line | None = None

    # ------------------------------------------------------------------------------ the whole

    def start(self) -> None:
        """Make what is not there yet, start everything, and wait until all of it answers."""
        now = clock.now()
        if not (all(map(self._folder.is_whole, NODES)) and self._federation.is_whole()):
            self._make(now)
        self._federation.renew(now=now)
        self._tell_addresses()
        self._line = Line(self._folder.line, NODES, self.answer)
        self._tell_tour()
        for name in (*NODES, TOUR):
            self._spawn(name)
        self._wait_for((*NODES, TOUR))

    def stop(self) -> None:
        """Stop everything; nothing is left running."""
        self._ending = True
        self._federation.stop()
        if self._line is not None:
            self._line.close()
        self._end_all([child for node in self._nodes.values() for child in node.children.values()])
        with contextlib.suppress(OSError):
            os.close(self._held)
            os.close(self._leash)

    def watch(self) -> str | None:
        """Return the name of what has ended by itself, if anything has."""
        for name, node in self._nodes.items():
            if node.children and not node.busy and not node.alive():
                return name
        return None

    def why_ended(self, name: str) -> str:
        """Return which of its processes ended, how, the file it wrote to and the last it wrote."""
        told = []
        for task, status in self._nodes[name].ended().items():
            log = self._folder.log(f"{name}-{task}")
            last = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
            told += [f"{task}, exit {status}: {log}", *(f"    {line[:_LONGEST]}" for line in last)]
        return "\n".join(told)

    # ----------------------------------------------------------------------- what the tour asks

    def answer(self, order: Order) -> dict[str, Any]:
        """Do what was asked over the line, and tell how things are then."""
        named = NODES if order.node == ALL else (order.node,)
        for name in named:
            if order.word == "stop":
                self.stop_node(name)
            if order.word == "start":
                self.start_node(name)
        if order.word == "reset":
            threading.Thread(target=self.reset, daemon=True).start()
        if order.proposal:
            return {"said": self._ceremony(order), "nodes": {}}
        return {"nodes": self.states()}

    def _ceremony(self, order: Order) -> str:
        """Have a region's delegate do something outside of the nodes; return what became of it, for the tour."""
        if self._resetting.locked():
            return "busy"
        act = self._federation.propose if order.word == "propose" else self._federation.sign
        try:
            return f"{order.proposal}-{act(order.proposal, now=clock.now())}"
        except RefusalError as error:
            # A node writes there just now; anything else stays as it was, too, and is asked for again.
            with self._folder.log("federation").open("a", encoding="utf-8") as log:
                log.write(f"{order.word} {order.proposal}: {error}\n")
            return "busy"

    def states(self) -> dict[str, str]:
        """Return for each node: running, starting, stopped, failed or resetting."""
        return {name: self._state(name) for name in NODES}

    def _state(self, name: str) -> str:
        node = self._nodes[name]
        if node.busy:
            return node.busy
        if not node.children:
            return "stopped"
        if not node.alive():
            return "failed"
        return "running" if self.is_healthy(name) else "starting"

    def stop_node(self, name: str) -> None:
        """Stop a node as if its power failed politely: it answers nobody until it is started."""
        with self._locks[name]:
            children, self._nodes[name].children = self._nodes[name].children, {}
            self._end_all(children.values())

    def start_node(self, name: str) -> None:
        """Start a node that was stopped; it keeps what it had."""
        with self._locks[name]:
            if not self._nodes[name].alive() and not self._nodes[name].busy:
                self._end_all(self._nodes[name].children.values())
                self._spawn(name)

    def reset(self) -> None:
        """Begin anew: stop the nodes, forget everything in them, make new people and cards."""
        if not self._resetting.acquire(blocking=False):
            return
        try:
            self._reset()
        finally:
            for name in NODES:
                self._nodes[name].busy = ""
            self._resetting.release()

    def _reset(self) -> None:
        for name in NODES:
            self._nodes[name].busy = "resetting"
            self.stop_node(name)
        now = clock.now()
        self._make(now)
        self._federation.renew(now=now)
        self._tell_addresses()
        for name in NODES:
            if not self._ending:
                self._spawn(name)
        self._tell_tour()

    # ------------------------------------------------------------------------- making, starting

    def _make(self, now: datetime) -> None:
        """Make the folders, then let each node make its tables, people and cards, all at once."""
        self._say("", "making")
        self._federation.forget()
        self._folder.empty()
        self._federation.found(self._folder.make(now=now), now=now)
        self._tell_addresses()
        command = [sys.executable, "-m", "huxin.node.home.demo"]
        running = {
            name: self._run([*command, str(self._folder.node(name))], f"{name}-making")
            for name in NODES
        }
        while running and not self._ending:
            for name, child in list(running.items()):
                if child.poll() is None:
                    continue
                del running[name]
                if child.returncode:
                    self._end_all(running.values())
                    raise DemoError(f"{name}: {self._folder.log(f'{name}-making')}")
                self._say(name, "made")
            time.sleep(_BEAT)
        self._end_all(running.values())
        if not self._ending:
            self._federation.wait()

    def _tell_addresses(self) -> None:
        """Tell every node where it is reached this time, and from whom it takes the list that all of them share."""
        for name in (*NODES, TOUR):
            self._folder.set_origin(name, self._site.origin(name))
        for name in NODES:
            # 灯湾 publishes; should 苇洲 ever do so, 灯湾 takes it from there.
            self._folder.set_followed(name, self._site.origin("QW" if name == "QV" else "QV"))

    def _spawn(self, name: str) -> None:
        folder = str(self._folder.tour if name == TOUR else self._folder.node(name))
        child = [sys.executable, "-m", "huxin.node.project.demo_child", str(self._leash)]
        where = [self._site.address, str(self._site.ports[name])]
        tls = [str(path) for path in self._site.tls or ()]
        tasks = {"serve": [folder, *where, *tls]} | ({} if name == TOUR else {"work": [folder]})
        self._nodes[name].children = {
            task: self._run([*child, task, *words], f"{name}-{task}", tour=name == TOUR)
            for task, words in tasks.items()
        }

    def _run(self, command: list[str], log: str, *, tour: bool = False) -> subprocess.Popen[bytes]:
        with self._folder.log(log).open("ab") as out:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self._surroundings(tour=tour),
                pass_fds=(self._leash,),
                start_new_session=True,
            )

    def _surroundings(self, *, tour: bool) -> dict[str, str]:
        known = {key: value for key, value in os.environ.items() if key not in _NOT_HANDED_ON}
        known |= {"HUXIN_DEMO_SECRET": self._secret, "HUXIN_TOUR_URL": self._site.tour_url}
        if self._site.tls:
            # The nodes take the shared list from one another, under a certificate that was made on the spot.
            known["SSL_CERT_FILE"] = str(self._site.tls[0].resolve())
        if tour:
            known["HUXIN_TOUR_FILE"] = str(self._folder.tour_file.resolve())
            known["HUXIN_FORM_TARGETS"] = " ".join(map(self._site.origin, NODES))
        return known

    def _tell_tour(self) -> None:
        nodes = [
            {"code": code, "zh": words.zh, "en": words.en, "origin": self._site.origin(code)}
            for code, words in REGIONS.items()
        ]
        folder = str(self._folder.path.resolve())
        made = self._folder.made_at()
        self._folder.tell_tour(
            {"nodes": nodes, "folder": folder, "line": str(self._folder.line), "made": made}
        )

    def _wait_for(self, names: Iterable[str]) -> None:
        waiting = list(names)
        end = time.monotonic() + _READY_WITHIN
        while waiting and not self._ending:
            for name in list(waiting):
                if not self._nodes[name].alive():
                    raise DemoError(f"{name}: {self.why_ended(name)}")
                if self.is_healthy(name):
                    waiting.remove(name)
                    self._say(name, "running")
            if time.monotonic() > end:
                raise DemoError(f"{', '.join(waiting)}: no answer in {_READY_WITHIN:.0f} s")
            time.sleep(_BEAT)

    # --------------------------------------------------------------------------- asking, ending

    def is_healthy(self, name: str) -> bool:
        """Ask a node whether it is well."""
        return self.get(name, "/health") == 200

    def get(self, name: str, path: str, *, patience: float = _LOOK) -> int:
        """Return the status of a page, or 0 when nobody answers within so many seconds."""
        host, port = self._site.host, self._site.ports[name]
        line: http.client.HTTPConnection
        if self._site.tls:
            trusted = ssl.create_default_context(cafile=str(self._site.tls[0]))
            line = http.client.HTTPSConnection(host, port, timeout=patience, context=trusted)
        else:
            line = http.client.HTTPConnection(host, port, timeout=patience)
        try:
            line.request("GET", path)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def _end_all(self, children: Iterable[subprocess.Popen[bytes]]) -> None:
        """Ask groups of processes to end; after a while, end them."""
        children = list(children)
        for child in children:
            _signal(child, signal.SIGTERM)
        end = time.monotonic() + _STOPPED_WITHIN
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(end - time.monotonic(), 0))
            # The head of a group may have gone before its workers.
            _signal(child, signal.SIGKILL)
            child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
