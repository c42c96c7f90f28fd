"""A node under load: issuing in bulk against bare signing, and how long pages take.

Run by `python -m bench` in a process of its own, since a process serves one node; prints JSON.  The
node is a real one on SQLite in a folder of the moment, served on this machine by granian; the
clients are threads of this process, so at a hundred of them they share two cores with the server.
"""

import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CARDS = 2_000
REQUESTS = {1: 60, 10: 200, 100: 400}  # clients → requests of each page
SERVER = "from huxin.cli.main import main; main()"


def main() -> None:
    """Make a node, measure, print."""
    from tests.lib.node_folders import make_node
    from tests.lib.ports import kept_port

    with tempfile.TemporaryDirectory() as place:
        folder, port = Path(place) / "node", kept_port()
        make_node(folder, origin=f"http://localhost:{port}")
        os.environ |= {
            "HUXIN_NODE": str(folder),
            "DJANGO_SETTINGS_MODULE": "huxin.node.project.settings",
            "HUXIN_REQUESTS_A_MINUTE": "1000000",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        figures, cookie, pages = issuing()
        print(json.dumps({"issuing": figures, "pages": serving(folder, port, cookie, pages)}))


def issuing() -> tuple[dict[str, float], str, dict[str, str]]:
    """Issue in bulk; returns the figures, a resident's cookie, and the pages to ask for."""
    from dataclasses import replace

    from django.conf import settings

    from huxin.node.base.permissions import Role
    from huxin.node.trust import signing
    from huxin.node.trust.actions.bulk import issue_many
    from tests.lib.node_world import World

    settings.HUXIN = replace(settings.HUXIN, daily=CARDS * 2)
    world = World()
    by = world.actor(world.staff(Role.CLERK))
    person = world.person("林㑇")
    wishes = [world.asked(person, request=uuid.uuid4()) for _ in range(CARDS)]
    signer = signing.signer()
    started, cpu = time.perf_counter(), time.process_time()
    made = list(issue_many(wishes, by=by, now=world.now))
    wall, spent = time.perf_counter() - started, time.process_time() - cpu
    message = secrets.token_bytes(200)
    cpu = time.process_time()
    for _ in range(CARDS):
        signer.sign(message)
    bare = time.process_time() - cpu
    assert len(made) == CARDS
    holder = world.person("顾小舟")
    card = [world.card(holder, by=world.staff(Role.CLERK)) for _ in range(3)][-1]
    client = world.client(world.resident(holder))
    name = settings.SESSION_COOKIE_NAME
    pages = {
        "home": "/", "check": "/check", "wallet": "/wallet", "card": f"/card/{card.pk}",
        "numbers": "/numbers",
    }  # fmt: skip
    figures = {"ratio": spent / bare, "per_second": CARDS / wall}
    return figures, f"{name}={client.cookies[name].value}", pages


def serving(
    folder: Path, port: int, cookie: str, pages: dict[str, str]
) -> dict[str, dict[str, float]]:
    """Return the 95th percentile in milliseconds by page and number of clients."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, "node", "serve", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        return {
            name: {str(clients): p95(port, path, cookie, clients) for clients in REQUESTS}
            for name, path in pages.items()
        }
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Wait until the node answers."""
    for _ in range(200):
        try:
            if ask(port, "/health", "") < 1:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the node did not answer")


def ask(port: int, path: str, cookie: str) -> float:
    """Ask for a page; returns the seconds until its last byte."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Host": f"localhost:{port}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise ValueError(f"{path} answered {answer.status}")
    return time.perf_counter() - started


def p95(port: int, path: str, cookie: str, clients: int) -> float:
    """Return the 95th percentile over all requests of so many clients at once."""
    ask(port, path, cookie)
    with ThreadPoolExecutor(clients) as pool:
        jobs = [pool.submit(ask, port, path, cookie) for _ in range(REQUESTS[clients])]
        times = sorted(job.result() for job in jobs)
    return times[int(len(times) * 0.95)] * 1000


if __name__ == "__main__":
    main()
