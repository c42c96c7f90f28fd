"""HCERT with a signature that holds, refused for what stands around it or in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tools.vectors.case import EXPIRES, ISSUED, NOW, Case, cwt, dcc, huxin, sealed, spread
from tools.vectors.hcert_broken import broken
from tools.vectors.issuers import BAY, ISLES, STRANGER, TESTS_ONLY

__all__ = ["cases"]

_TEXT: Final = sealed(ISLES, {1: dcc()})
_DOSE: Final[dict[str, Any]] = dcc()["v"][0]


def cases() -> Iterator[Case]:
    yield from _issuers()
    yield from _times()
    yield from _usages()
    yield from _eu_contents()
    yield from _other_contents()
    yield from _verifiers()
    yield from _precedence()


def _issuers() -> Iterator[Case]:
    lent = {
        "untrusted-nobody": ("nobody is believed", (), "untrusted", "key"),
        "untrusted-others": ("others are believed", (BAY.lent(),), "untrusted", "key"),
        "untrusted-domain": ("the key speaks in another domain", (ISLES.lent(domain="icvp"),),
                             "untrusted", "key"),
        "environment-test": ("a test key, shown for real", (ISLES.lent(environment="test"),),
                             "environment", None),
        "distrusted-suspended": ("a suspended key", (ISLES.lent(standing="suspended"),),
                                 "distrusted", None),
        "distrusted-tombstoned": ("a key that was taken back", (ISLES.lent(standing="tombstoned"),),
                                  "distrusted", None),
        "distrusted-denied": ("a key denied here", (ISLES.lent(standing="denied"),),
                              "distrusted", None),
        "distrusted-twice": ("one key on the list twice, once denied",
                             (ISLES.lent(), ISLES.lent(standing="denied", region="QV")),
                             "distrusted", None),
    }  # fmt: skip
    for id, (name, keys, code, fails) in lent.items():
        yield broken(id, name, _TEXT, code, fails, keys=keys)
    yield broken(
        "environment-production", "a real key, shown to a test verifier", _TEXT, "environment", None,
        more={"environment": "test"},
    )  # fmt: skip
    stranger = sealed(STRANGER, {1: dcc()})
    yield broken("untrusted-stranger", "signed by a stranger", stranger, "untrusted", "key")


def _times() -> Iterator[Case]:
    late, early = NOW.replace("2026", "2028"), NOW.replace("2026", "2025")
    yield broken("expired-card", "shown after its end", _TEXT, "expired", "time", at=late)
    ended = sealed(ISLES, {1: dcc()}, exp=1_795_427_999)
    yield broken("expired-by-a-second", "shown a second too late", ended, "expired", "time")
    yield broken("not-yet-issued", "shown before it was issued", _TEXT, "not-yet", "time", at=early)
    future = sealed(ISLES, {1: dcc()}, nbf=EXPIRES - 1)
    yield broken("not-yet-valid", "shown before it begins to count", future, "not-yet", "time")
    tomorrow = sealed(ISLES, {1: dcc()}, iat=ISSUED * 1_000)
    yield broken(
        "not-yet-milliseconds", "issued at so many milliseconds", tomorrow, "not-yet", "time"
    )
    lapsed = (ISLES.lent(valid_until="2026-10-01T00:00:00Z"),)
    yield broken("expired-key", "the key's time is over", _TEXT, "expired", "time", keys=lapsed)
    unripe = (ISLES.lent(valid_from="2026-12-01T00:00:00Z"),)
    yield broken(
        "not-yet-key", "the key's time has not come", _TEXT, "not-yet", "time", keys=unripe
    )
    after = sealed(ISLES, {1: dcc()}, exp=...)
    yield broken(
        "expired-certificate", "the certificate's time is over", after, "expired", "time",
        at="2035-06-01T00:00:00Z",
    )  # fmt: skip


def _usages() -> Iterator[Case]:
    recovery = dcc(v=..., r=[{"tg": "840539006", "fr": "2026-08-01", "ci": "R1"}])
    for id, body in {"vaccination": dcc(), "recovery": recovery}.items():
        text = sealed(TESTS_ONLY, {1: body})
        name = f"a key for tests signs a {id}"
        yield broken(f"usage-{id}", name, text, "usage", "usage", TESTS_ONLY)
    named = (ISLES.lent(usage=["test"]),)
    yield broken("usage-listed", "the list limits the key", _TEXT, "usage", "usage", keys=named)
    clearance = huxin(k="clearance", e={"x": "school-entry", "u": "2027-08-31"})
    text = sealed(ISLES, {-100: clearance})
    yield broken("usage-clearance", "a key for tests clears", text, "usage", "usage", keys=named)


def _implausible(id: str, name: str, health: Any, code: str = "implausible") -> Case:
    text = sealed(ISLES, health)
    return broken(f"{code}-{id}", f"{code}: {name}", text, code, "plausible")


def _eu_contents() -> Iterator[Case]:
    test = [{"tg": "840539006", "sc": "2026-11-22T08:30:00Z", "ci": "T1"}]
    bodies: dict[str, dict[str, Any]] = {
        "born in the future": dcc(dob="2027-01-01"),
        "born in 1815": dcc(dob="1815-12-10"),
        "born on no day": dcc(dob="1990-02-30"),
        "born in another notation": dcc(dob="31.12.1999"),
        "no name": dcc(nam={}),
        "no name at all": dcc(nam=...),
        "a name that is text": dcc(nam="LIN ZHOU"),
        "a name of a picture": dcc(nam={"fn": "🦠"}),
        "a name of digits": dcc(nam={"fn": "林", "gn": "12345"}),
        "a name of a thousand letters": dcc(nam={"fn": "A" * 1_001}),
        "no disease": dcc(v=[{key: _DOSE[key] for key in _DOSE if key != "tg"}]),
        "no identifier": dcc(v=[{key: _DOSE[key] for key in _DOSE if key != "ci"}]),
        "two kinds of event": dcc(t=test),
        "no event": dcc(v=...),
        "no event but empty lists": dcc(v=[], t=[], r=None),
        "an event that is no map": dcc(v=["vaccinated"]),
        "events that are text": dcc(v="vaccinated"),
        "twenty-one doses": dcc(v=[_DOSE] * 21),
        "a disease that is a list": dcc(v=[_DOSE | {"tg": ["840539006"]}]),
    }
    for name, body in bodies.items():
        yield _implausible(name.replace(" ", "-"), name, {1: body})


def _other_contents() -> Iterator[Case]:
    dose = {"dn": 1, "tg": "DB61", "dt": "2026-05-02"}
    holder = {"n": "LIN ZHOU", "dob": "1990-03-05"}
    for name, health in {
        "who without a dose": {-6: holder},
        "who without a disease": {-6: holder | {"v": {"dn": 1, "dt": "2026-05-02"}}},
        "who without a name": {-6: {"dob": "1990", "v": dose}},
        "who born tomorrow or later": {-6: holder | {"dob": "2026-11-25", "v": dose}},
        "own without a name": {-100: huxin(n=..., l=...)},
        "own without an identifier": {-100: huxin(i=...)},
        "own without an event": {-100: huxin(e=...)},
        "own without a kind": {-100: huxin(k=...)},
        "own of another kind": {-100: huxin(k="pass")},
        "own without a disease": {-100: huxin(e={"w": "2024-09-01"})},
        "own examination without a purpose": {-100: huxin(k="examination", e={"u": "2027-08-31"})},
        "own until no date": {-100: huxin(k="clearance", e={"x": "school-entry", "u": "always"})},
    }.items():
        yield _implausible(name.replace(" ", "-"), name, health)
    yield _implausible("own-version", "an attestation of version 2", {-100: huxin(v=2)}, "format")
    yield _implausible(
        "own-no-version", "an attestation of no version", {-100: huxin(v=...)}, "format"
    )


def _verifiers() -> Iterator[Case]:
    """What is wrong with the verifier, not with the card; and cards that do not fit together."""
    behind, old = {"as_of": "2026-11-24T00:00:00Z"}, {"as_of": "2026-10-01T00:00:00Z"}
    asked = {"purpose": "school-entry"}
    yield broken("clock-behind", "the clock is behind the list", _TEXT, "clock", None, more=behind)
    yield broken("too-old-list", "the list is past use", _TEXT, "too-old", None, more=old)
    yield broken("no-rules", "a purpose without rules", _TEXT, "no-rules", None, more=asked)
    other = sealed(ISLES, {1: dcc(nam={"fn": "王", "fnt": "WANG"})})
    yield _two("person-name", "two cards, two names", other, "person")
    younger = sealed(ISLES, {1: dcc(dob="2021-03-05")})
    yield _two("person-year", "two cards, two years of birth", younger, "person")
    swapped = sealed(ISLES, {-100: huxin(l="Zhou, Lin", b="2020")})
    yield _two("person-same", "two cards of one person, written differently", swapped, "ok")


def _two(id: str, name: str, other: str, code: str) -> Case:
    texts = (_TEXT, other)
    return Case(id=f"hcert/{id}", name=name, keys=(ISLES.lent(),), texts=texts, code=code)


def _precedence() -> Iterator[Case]:
    """Several faults at once: which one is named."""
    late = NOW.replace("2026", "2028")
    forged = spread(ISLES, cwt({1: dcc()}, exp=ISSUED + 1), signature=bytes(64))
    yield broken("first-signature", "forged and expired", forged, "signature", "signature")
    test_key = (ISLES.lent(environment="test"),)
    yield broken(
        "first-environment", "a specimen, and expired", _TEXT, "environment", "time",
        keys=test_key, at=late,
    )  # fmt: skip
    unknown = sealed(STRANGER, {1: dcc(dob="1815")})
    yield broken("first-implausible", "a stranger's, and impossible", unknown, "implausible", "key")
    yield broken(
        "first-clock", "expired, by a clock that is behind", sealed(ISLES, {1: dcc()}, exp=ISSUED + 1),
        "clock", "time", more={"as_of": "2026-11-24T00:00:00Z"},
    )  # fmt: skip
    yield broken(
        "first-unknown", "a stranger's, and the list is past use", sealed(STRANGER, {1: dcc()}),
        "too-old", "key", more={"as_of": "2026-10-01T00:00:00Z"},
    )  # fmt: skip
    broken_one = sealed(ISLES, {1: dcc()})[:60]
    texts = (_TEXT, broken_one + "::")
    yield Case(
        id="hcert/first-broken", name="one card in order, one cut", keys=(ISLES.lent(),), texts=texts,
        code="base45", fails="base45",
    )  # fmt: skip
