"""Cards as strangers show them at a door, and what a browser then sees."""

import re
import secrets
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huxin.adapters.cards import Wish, new_identifier, sign_card
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from tests.lib.regions import Region


class Door:
    """The checking page: `shows` codes or files, and reads what is answered."""

    def __init__(self, world):
        self.world = world
        self.browser = world.client()

    def card(self, name="林㑇", birth="2020-03-18", **cells):
        """A card that this node signed."""
        person = self.world.person(name, birth=birth)
        clerk = self.world.staff(Role.CLERK)
        return self.world.card(person, by=clerk, cells=cells).text

    def foreign(
        self, region="QX", *, environment="test", days_ago=0, name="林㑇", birth="2020-03-18"
    ):
        """A card of a key that this node may not know."""
        entry = self.world.asked(self.world.person(name, birth=birth)).entry
        signer = Region(region, 9, environment=environment)
        now = self.world.now - timedelta(days=days_ago)
        identifier = new_identifier(region, secrets.token_bytes)
        return sign_card(entry, signer, Wish(), identifier=identifier, now=now).credential.text

    def shows(self, text="", *files, language="zh", **more):
        self.browser.cookies["huxin_lang"] = language
        fields = {"text": text, "file": [file(one) for one in files], **more}
        return self.browser.post("/check", fields)


def file(data, name="card.png"):
    return SimpleUploadedFile(name, data)


def said(response):
    """The one sentence that is announced."""
    found = re.search(r'id="verdict-said" role="alert">(.*?)</p>', response.content.decode(), re.S)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def look(response):
    found = re.search(r'data-outcome="([a-z-]+)"', response.content.decode())
    return found[1] if found else ""


@pytest.fixture
def door(world):
    return Door(world)


@pytest.fixture
def fresh_trust():
    """Whom this node believes is read anew, before and after."""
    signing._store.cache_clear()
    yield
    signing._store.cache_clear()
