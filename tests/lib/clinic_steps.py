"""What people do on the clinic's pages, for tests: book a time, take a step."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from huxin.node.base.models import Person
from huxin.node.clinic.models import Slot, Visit
from tests.lib.node_world import World


def book(
    client: Client,
    world: World,
    person: Person,
    slot: Slot,
    *,
    request: uuid.UUID | None = None,
    reason: str = "",
) -> Any:
    """Send the form of a time at the world's centre, as drawn on its day."""
    fields = {
        "person": person.id, "place": world.centre.id, "kind": slot.kind,
        "day": f"{slot.starts:%Y-%m-%d}", "slot": slot.id,
        "request": request or uuid.uuid4(), "reason": reason,
    }  # fmt: skip
    return client.post(reverse("visit-book"), fields)


def step(client: Client, visit: Visit, to: str) -> Any:
    """Press the button of a step on the day's list."""
    url = reverse("visit-step", kwargs={"visit": visit.id})
    return client.post(url, {"to": to, "back": "day"})
