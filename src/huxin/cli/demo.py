"""`huxin demo`: three nodes and a tour on this computer, until Ctrl-C.

Responsible for what is said in the terminal and for where the demo is reached: ports, and with
`--lan` an address of the local network with a certificate made on the spot.  Leaves the processes
to `node.project.supervise` and the folder to `node.project.demo_folder`.
"""

from __future__ import annotations

import base64
import contextlib
import secrets
import signal
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from huxin.adapters import clock
from huxin.cli import speech
from huxin.kernel.crypto import PrivateKey, self_signed
from huxin.trust import qr

__all__ = ["demo"]

_PORTS: Final = {"tour": 0, "QV": 1, "QW": 2, "QX": 3}  # counted from the first
_FIRST_PORT: Final = 8800
_BEAT: Final = 0.5
_PATIENCE: Final = 20.0  # a first page on a busy machine takes its time
_CERTIFICATE_DAYS: Final = timedelta(days=30)
_EPILOG: Final = """\b
Examples 例:
  huxin demo
  huxin demo --fresh
  huxin demo --lan
  huxin demo --check --folder /tmp/demo
"""


@click.command(epilog=_EPILOG, short_help="Three nodes and a tour on this computer. 演示")
@click.option(
    "--folder", default="demo-nodes", show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demo lives; a folder it did not make is left alone. 演示的文件夹。",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Begin anew: other people, other cards. 全部重来。")
@click.option("--lan", is_flag=True, help="HTTPS for the local network, with a QR. 局域网可访问。")
@click.option("--port", default=_FIRST_PORT, show_default=True, type=click.IntRange(1024, 65532),
              help="The tour's port; the nodes take the next three. 起始端口。")  # fmt: skip
@click.option(
    "--check", is_flag=True, help="Start all, ask all, stop, say how it went. 自检后退出。"
)
def demo(folder: Path, *, fresh: bool, lan: bool, port: int, check: bool) -> None:
    """Run three nodes with invented people and a tour, until Ctrl-C. What was done is kept.

    运行三个节点和导览，Ctrl-C 结束，下次接着用。人物、数据都是编的。
    """
    from huxin.node.project import demo_folder, supervise

    began = time.perf_counter()
    taken = demo_folder.take(folder)
    held = contextlib.ExitStack()
    try:
        site = _site(folder, lan=lan, first=port, held=held)
        _prepare(taken, fresh=fresh)
        supervisor = supervise.Supervisor(taken, site, _Said(began))
        with _ctrl_c_anyhow():
            try:
                supervisor.start()
                if check:
                    _check(supervisor)
                    return
                _tell(site, time.perf_counter() - began)
                _wait(supervisor)
            except KeyboardInterrupt:
                _line("停下所有节点 Stopping all nodes")
            finally:
                supervisor.stop()
    except supervise.DemoError as error:
        raise click.ClickException(f"演示没有起来 The demo did not start: {error}") from error
    finally:
        held.close()
        taken.give_back()


def _prepare(taken: Any, *, fresh: bool) -> None:
    from huxin.node.project.demo_folder import NODES

    if fresh:
        taken.empty()
    elif any(map(taken.is_whole, NODES)) and taken.made_with_other_tables():
        raise click.ClickException(
            "这份演示是另一个版本做的，表不一样。重来一份： This demo was made by another version, with"
            " other tables. Begin anew: make demo FRESH=1"
        )


# ------------------------------------------------------------------------------ where it is reached


def _site(folder: Path, *, lan: bool, first: int, held: contextlib.ExitStack) -> Any:
    from huxin.node.project.supervise import Site

    address = _lan_address() if lan else "127.0.0.1"
    host = address if lan else "localhost"
    ports = _free_ports(address, first, held)
    return Site(host, address, ports, _certificate(folder, address) if lan else None)


def _free_ports(address: str, first: int, held: contextlib.ExitStack) -> Mapping[str, int]:
    """Return a port for each, kept while `held` lasts; where the usual one is taken, another, and it is said."""
    ports: dict[str, int] = {}
    for name, offset in _PORTS.items():
        ports[name] = _free_port(address, first + offset, held)
        if ports[name] != first + offset:
            _line(
                f"端口 {first + offset} 有人用，改用 {ports[name]} "
                f"Port {first + offset} is taken; using {ports[name]}"
            )
    return ports


def _free_port(address: str, wanted: int, held: contextlib.ExitStack) -> int:
    """Return a free port, kept: nobody gets it before its node listens, nor while its node is stopped."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError):
            found = _unused(address, port)
            if not _answers(address, found):
                # Bound, never listening: who connects is refused, and only what shares ports may listen
                # there.  Without SO_REUSEADDR, which would let others bind it as well.
                keeper = held.enter_context(socket.socket())
                keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                keeper.bind((address, found))
                return found
    raise click.ClickException(f"没有空闲端口 No free port at {address}")


def _unused(address: str, port: int) -> int:
    """Return the port if nobody has it, not even one who would share it; raises `OSError` otherwise."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))
        found: int = probe.getsockname()[1]
        return found


def _answers(address: str, port: int) -> bool:
    """Tell whether somebody serves there; asked by connecting, as a browser will.

    Binding alone is not enough: servers that share ports (granian does) are not refused, and what
    listens at `::1` only is where browsers look for `localhost` first.
    """
    for host in (address, "::1") if address == "127.0.0.1" else (address,):
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=_BEAT):
            return True
    return False


def _lan_address() -> str:
    """Return this computer's address in its network; asking for the way sends nothing."""
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
    ):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    raise click.ClickException("这台电脑没有接入网络 This computer is in no network")


def _certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Make a certificate for this run; browsers ask once whether to believe it."""
    now = clock.now()
    key = PrivateKey.generate()
    der = self_signed(
        key, name="Huxin demo", serial=secrets.randbits(63), not_before=now - timedelta(hours=1),
        not_after=now + _CERTIFICATE_DAYS, hosts=(address, "localhost"),
    )  # fmt: skip
    certificate, key_path = folder / "lan.crt", folder / "lan.key"
    certificate.write_text(ssl.DER_cert_to_PEM_cert(der), "ascii")
    key_path.touch(mode=0o600)
    body = base64.encodebytes(key.pkcs8()).decode("ascii")
    key_path.write_text(f"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n", "ascii")
    return certificate, key_path


# ------------------------------------------------------------------------------------ what is said


class _Said:
    """Says what the supervisor is at, with the seconds since the start."""

    def __init__(self, began: float) -> None:
        self._began = began

    def __call__(self, name: str, word: str) -> None:
        from huxin.node.home.demo.cast import REGIONS

        words = {
            "making": "布置三个节点：人、卡、两周的记录 Setting up three nodes: people, cards, two weeks of records",
            "made": "人和卡做好了 people and cards are made",
            "running": "开着 running",
        }
        called = f"{REGIONS[name].zh} {REGIONS[name].en}: " if name in REGIONS else ""
        called = called or ("导览 Tour: " if name else "")
        _line(f"{time.perf_counter() - self._began:5.1f} s  {called}{words[word]}")


def _line(text: str) -> None:
    speech.console().print(Text(text), soft_wrap=True)


def _tell(site: Any, seconds: float) -> None:
    from huxin.node.home.demo.cast import ACCOUNTS, PASSWORD, REGIONS

    _line("")
    _line(f"账号 Accounts（密码都是 one password for all: {PASSWORD}）")
    for code, words in REGIONS.items():
        names = " · ".join(f"{one.name} {one.words.zh}" for one in ACCOUNTS if one.region == code)
        _line(f"  {words.zh} {words.en}  {site.origin(code)}\n    {names}")
    if site.tls:
        _line("\n手机在同一个网络里扫这个码；证书是当场做的，浏览器会问一次。")
        _line(
            "Scan it with a phone in the same network; the certificate is made on the spot, browsers ask once."
        )
        _line(_picture(site.tour_url))
    _line(f"\n{seconds:.1f} s　打开 Open:  {site.tour_url}\nCtrl-C 停下所有节点 stops everything")


def _picture(text: str) -> str:
    """Return a QR code in half-blocks, dark on light whatever the terminal's colours."""
    quiet = 2
    rows = [[bool(cell) for cell in row] for row in qr.modules(text)]
    width = len(rows[0]) + 2 * quiet
    empty = [False] * width
    full = [empty] * quiet + [[False] * quiet + row + [False] * quiet for row in rows]
    full += [empty] * quiet
    full += [empty] * (len(full) % 2)
    signs = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    pairs = zip(full[::2], full[1::2], strict=True)
    return "\n".join("".join(signs[pair] for pair in zip(*rows, strict=True)) for rows in pairs)


def _check(supervisor: Any) -> None:
    """Ask every node for its health and its home page, and the tour for its page."""
    from huxin.node.project.demo_folder import NODES, TOUR

    asked = [*((name, path) for name in NODES for path in ("/health", "/")), (TOUR, "/tour")]
    answers = [(name, path, supervisor.get(name, path, patience=_PATIENCE)) for name, path in asked]
    for name, path, status in answers:
        _line(f"{'✓' if status == 200 else '✕'} {name} {path} {status}")
    if any(status != 200 for _, _, status in answers):
        raise click.ClickException("有页面没有回答 A page did not answer")
    _line("✓ 演示能跑 The demo runs")


def _wait(supervisor: Any) -> None:
    """Stay until Ctrl-C; say it once when something ends by itself."""
    told: set[str] = set()
    while True:
        time.sleep(_BEAT)
        name = supervisor.watch()
        if name is not None and name not in told:
            told.add(name)
            _line(f"! {name} 自己停了 ended by itself: {supervisor.why_ended(name)}")


@contextlib.contextmanager
def _ctrl_c_anyhow() -> Iterator[None]:
    """Let a terminal that closes, and a polite kill, end the demo as Ctrl-C does."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
