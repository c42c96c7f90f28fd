"""A door that checks with the offline verifier: a list of two regions, a rule, and the people who come.

card("林㑇")                         genuine: signed by 苇洲, whose key the list has
card("林㑇", region="QX")            by 云渡, whom nobody here knows
data()                              what lies beside the page, as `verifier_folder.make` takes it

All of it was made at one instant, `NOW`; tests set the browser's clock.
"""

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from huxin.adapters import practice, trust_bundle, trust_repository, verifier_folder
from huxin.adapters.cards import Card, Wish, new_identifier, sign_card
from huxin.adapters.verifier_folder import Practice, Purpose, Setup, spoken_words
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import Words
from huxin.trust.ceremony.draft import found
from tests.lib import rules
from tests.lib.ceremonies import NOW, TITLE, charter, party, witnessed
from tests.lib.regions import Region

__all__ = ["NOW", "asks", "bundle", "card", "changed", "data", "root"]

_NAMES = {"QW": Words("苇洲", "Reed Isles"), "QV": Words("灯湾", "Lantern Bay")}


@cache
def _files(now: datetime) -> dict[str, bytes]:
    parties = [party("QW"), party("QV")]
    proposal = found([one.statement for one in parties], charter(), title=TITLE, now=now)
    return dict(trust_repository.published(witnessed(proposal, None, parties, now=now)))


def bundle(now: datetime = NOW) -> bytes:
    """The list that these regions founded at `now`, as it is handed on."""
    return trust_bundle.pack(_files(now))


def root(now: datetime = NOW) -> str:
    return sha256(_files(now)["metadata/1.root.json"]).hexdigest()


def _signer(region: str) -> Region:
    # The keys of `ceremonies.party`.
    return Region(region, int.from_bytes(sha256(f"{region} cards 0".encode()).digest(), "big"))


def _made(name: str, region: str, dose: int, days_ago: int, latin: str) -> Card:
    at = NOW - timedelta(days=days_ago, hours=1)
    given = at.date() - timedelta(days=30 if dose == 2 else 200)
    cells = {
        "name": name, "latin": latin, "birth": "2020-03-18", "vaccine": "mmr", "dose": str(dose),
        "date": given.isoformat(),
    }  # fmt: skip
    fields = {field for field in cells if cells[field]}
    entry = read_entry(
        reader.pack("school-entry"), {one: cells[one] for one in fields}, today=at.date()
    )
    assert isinstance(entry, Entry), entry
    number = sha256(f"{name} {dose} {days_ago}".encode()).digest()
    identifier = new_identifier(region, lambda length: (number * 4)[:length])
    return sign_card(entry, _signer(region), Wish(), identifier=identifier, now=at)


def card(
    name: str, *, region: str = "QW", dose: int = 2, days_ago: int = 0, latin: str = ""
) -> str:
    """The text of a card of a child born in 2020; one that is 400 days old has ended."""
    return _made(name, region, dose, days_ago, latin).credential.text


def changed(name: str) -> str:
    """A card with another year of birth under the signature of the first."""
    return practice.changed_text(_made(name, "QW", 2, 0, "").credential)


def asks(region: str = "QW", effect: str = "admits") -> Purpose:
    """What a region asks for school."""
    return Purpose(region, "school", Words("入学", "School"), effect)


def data(*, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """Setup, list, rules and words of 苇洲; `changes` replace fields of the setup."""
    said: dict[str, Any] = {
        "region": "QW",
        "names": _NAMES,
        "environment": "production",
        "root": root(now),
        "zone": "Asia/Shanghai",
        "purposes": (asks(),),
        "practice": (Practice(card("练习生"), "accepted"),),
        "appeals": "https://example.org/appeals",
    }
    rule = rules.document(region="QW", id="QW-SCHOOL-1")
    return {
        "setup.json": Setup(**(said | changes)).to_bytes(),
        "list.bundle": bundle(now),
        "rules.json": {"rules": [rule], "valueSets": {}},
        "words.json": spoken_words(),
    }


assert verifier_folder.SETUP == "data/setup.json"
