"""Many people want one time at the same moment: real threads, a database in a file."""

import os
import subprocess
import sys
from pathlib import Path

from tests.lib.node_folders import make_node

RACE = """
import threading, uuid
from datetime import timedelta
from django.db import connection, connections
from huxin.adapters import clock
from huxin.kernel.errors import RefusalError
from huxin.node.base.actor import Actor
from huxin.node.base.models import Organisation, Person
from huxin.node.clinic.actions import visits
from huxin.node.clinic.models import Slot, Visit

now = clock.now()
place = Organisation.objects.create(name_zh="河埠头服务中心", name_en="Wharf Centre")
slots = [
    Slot.objects.create(
        organisation=place, kind="vaccination", starts=now + timedelta(days=1), number=n
    )
    for n in (1, 2)
]
people = [Person.objects.create(name=f"样本{n}", registered_at=now) for n in range(8)]
answers, start = [], threading.Barrier(len(people))

def run(person):
    start.wait()
    wish = visits.Booking(person, slots[0], uuid.uuid4())
    try:
        visits.book(wish, by=Actor(user=uuid.uuid4(), person=person.id), now=now)
        answers.append("booked")
    except RefusalError as error:
        answers.append(error.refusal.code)
    finally:
        connections.close_all()

threads = [threading.Thread(target=run, args=(one,)) for one in people]
for one in threads: one.start()
for one in threads: one.join()
print(sorted(answers), Visit.objects.count(), Visit.objects.values("slot").distinct().count())
"""


def test_two_places_are_held_by_two_and_six_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    make_node(folder)
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"HUXIN_NODE": str(folder)}
    start = (
        "from pathlib import Path; from huxin.node.project import operate; import os;"
        "operate.migrate(Path(os.environ['HUXIN_NODE']))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", start + RACE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    told = ["booked"] * 2 + ["taken"] * 6
    assert result.stdout.strip() == f"{told} 2 2"
