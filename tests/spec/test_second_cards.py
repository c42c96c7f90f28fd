"""Cards as they occur at the edges of the law, shown to both implementations: answered alike, and as the law says."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from huxin.adapters.key_description import public_jwk
from huxin.kernel.crypto import PrivateKey, PublicKey
from huxin.kernel.jws import thumbprint
from huxin.trust.credentials import smart_health_card as shc
from huxin.trust.issue import issue
from tests.lib import hostile
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.second_door import answers_of_ours, differences
from tools.vectors import plain

pytestmark = pytest.mark.needs("node")

CARD: Final = issue(facts(), REED_ISLES, now=NOW)
HEALTH_CARD: Final = issue(facts(), REED_ISLES, now=NOW, format="shc")
JWK: Final = REED_ISLES.key.public.jwk()
KEY: Final = {"jwk": JWK, "issuer": REED_ISLES.health_card_issuer}

Row = tuple[str, dict[str, Any], str]


def told(rows: list[Row]) -> dict[str, str]:
    """Show the rows to both, who must agree, and return the codes by name."""
    cases = [{"id": name, "at": "2026-11-23T10:00:00Z", "keys": [KEY]} | more for name, more, _ in rows]  # fmt: skip
    assert differences(cases) == []
    answers = answers_of_ours("verify", [json.dumps(case).encode() for case in cases])
    return {one["id"]: one["code"] for one in answers}


def check(rows: list[Row]) -> None:
    assert told(rows) == {name: code for name, _, code in rows}


def parts(size: int = 300) -> list[str]:
    compact = shc.from_chunks((HEALTH_CARD.text,))
    letters = [compact[at : at + size] for at in range(0, len(compact), size)]
    return [f"shc:/{at}/{len(letters)}/{shc.digits(one)}" for at, one in enumerate(letters, 1)]


def test_lines_of_a_text():
    two = f"{CARD.text}\n{HEALTH_CARD.text}"
    chunks = "\r\n".join(parts())
    check(
        [
            ("two cards", {"text": two}, "ok"),
            ("two cards, shown together", {"texts": [two]}, "ok"),
            ("blank lines", {"text": f"\n \n{two}\n\n"}, "ok"),
            ("all parts of a card", {"text": chunks}, "ok"),
            ("parts in two texts", {"texts": ["\n".join(parts()[:2]), "\n".join(parts()[2:])]}, "ok"),
            ("a part is missing", {"text": "\n".join(parts()[1:])}, "chunks"),
            ("a card on two lines", {"text": f"{CARD.text[:40]}\n{CARD.text[40:]}"}, "base45"),
            ("a card and a word", {"text": f"{CARD.text}\nhello"}, "base45"),
            ("99 lines", {"text": "\n".join([CARD.text] * 99)}, "ok"),
            ("100 lines", {"text": "\n".join([CARD.text] * 100)}, "too-big"),
            ("the next line elsewhere", {"text": f"{CARD.text}\u2028{CARD.text}"}, "base45"),
        ]
    )  # fmt: skip


ED25519: Final = {"jwk": public_jwk(PrivateKey.generate("EdDSA").public), "issuer": KEY["issuer"]}
P384: Final = ec.derive_private_key(7, ec.SECP384R1())
SECOND: Final = 1_795_428_000  # 2026-11-23T10:00:00Z


def health_card(header: dict[str, Any] | None = None, **claims: Any) -> str:
    members = {"zip": "DEF", "alg": "ES256", "kid": REED_ISLES.health_card_kid} | (header or {})
    packed = plain.deflate(plain.json_bytes(HEALTH_CARD.claims | claims), raw=True)
    return hostile.health_card_text(packed, plain.json_bytes(members))


def p384_jwk() -> dict[str, str]:
    info = P384.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey.from_spki(info).jwk()


def p384_card() -> str:
    head = plain.json_bytes({"zip": "DEF", "alg": "ES256", "kid": thumbprint(p384_jwk())})
    body = plain.deflate(plain.json_bytes(HEALTH_CARD.claims), raw=True)
    signed = f"{plain.b64url(head)}.{plain.b64url(body)}"
    r, s = decode_dss_signature(P384.sign(signed.encode("ascii"), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(48, "big") + s.to_bytes(48, "big")
    return "shc:/" + plain.digits(f"{signed}.{plain.b64url(signature)}")


def test_health_cards_are_signed_with_es256_on_p256():
    keys = [KEY, ED25519, {"jwk": p384_jwk(), "issuer": KEY["issuer"]}]
    check(
        [
            ("ES256", {"text": health_card()}, "ok"),
            *(
                (name, {"text": health_card({"alg": name}), "keys": keys}, "alg")
                for name in ("EdDSA", "PS256", "ES384", "none", "es256", "")
            ),
            ("P-384", {"text": p384_card(), "keys": keys}, "untrusted"),
        ]
    )


def test_health_cards_call_their_key_by_its_thumbprint():
    named = [{"jwk": JWK | {"kid": "abc"}, "issuer": KEY["issuer"]}]
    check(
        [
            ("the thumbprint, the key named otherwise", {"text": health_card(), "keys": named}, "ok"),
            ("that name", {"text": health_card({"kid": "abc"}), "keys": named}, "untrusted"),
        ]
    )  # fmt: skip


def hcert(**claims: Any) -> str:
    named = {int(name[1:].replace("m", "-")): value for name, value in claims.items()}
    return hostile.signed_hcert(plain.cbor(CARD.claims | named))


def test_times_after_the_calendar():
    check(
        [
            ("HCERT, ends", {"text": hcert(_4=SECOND * 1_000)}, "ok"),
            ("HCERT, ends never", {"text": hcert(_4=2**64 - 1)}, "ok"),
            ("HCERT, ends at a float", {"text": hcert(_4=1e300)}, "ok"),
            ("HCERT, a second after", {"text": hcert(_4=253_402_300_800)}, "ok"),
            ("HCERT, ends without end", {"text": hcert(_4=float("inf"))}, "cose"),
            ("HCERT, no number", {"text": hcert(_4=float("nan"))}, "cose"),
            ("HCERT, before the calendar", {"text": hcert(_4=-(2**63))}, "cose"),
            ("HCERT, issued", {"text": hcert(_6=SECOND * 1_000)}, "not-yet"),
            ("HCERT, begins", {"text": hcert(_5=SECOND * 1_000)}, "not-yet"),
            ("health card, ends", {"text": health_card(exp=SECOND * 1_000)}, "ok"),
            ("health card, ends never", {"text": health_card(exp=10**400)}, "ok"),
            ("health card, ends at a float", {"text": health_card(exp=1e30)}, "ok"),
            ("health card, before the calendar", {"text": health_card(exp=-(10**30))}, "jws"),
            ("health card, begins", {"text": health_card(nbf=SECOND * 1_000)}, "not-yet"),
        ]
    )


def named(name: str) -> str:
    """An EU certificate of somebody; what else it says is everybody's."""
    body = {"nam": {"fn": name}, "dob": "1990", "v": [{"tg": "840539006", "ci": "C1"}]}
    return hcert(_m260={1: body})


NEWER: Final = "\U0002ebf0"  # a block of Unicode 15.1, which older runtimes do not know


@pytest.mark.parametrize("name", [NEWER, "\U00033480", "\U00020000", "\U0003fffd", f"12{NEWER}"])
def test_an_ideograph_is_a_letter_whatever_the_runtime_knows(name):
    check([(name, {"text": named(name)}, "ok")])


@pytest.mark.parametrize("name", ["\U0003fffe", "\U00040000", "\U0001ffff", "12", "😀"])
def test_what_is_no_letter_is_none(name):
    check([(name, {"text": named(name)}, "implausible")])


def test_names_agree_without_regard_to_case_and_composition():
    rows = [
        ("Groß", "GROẞ", "ok"),
        ("Groß", "GROSS", "ok"),
        ("André", "Andre\u0301", "ok"),
        ("ANDRE\u0301", "andré", "ok"),
        ("Σωκράτης", "ΣΩΚΡΆΤΗΣ", "ok"),
        ("ǰ", "J\u030c", "ok"),
        (f"{NEWER} Lin", f"LIN {NEWER}", "ok"),
        ("Işık", "IŞIK", "person"),
        ("André", "Andre", "person"),
        (f"{NEWER}Lin", f"LIN {NEWER}", "person"),
    ]
    check([(f"{one} {other}", {"texts": [named(one), named(other)]}, code) for one, other, code in rows])  # fmt: skip


def test_instants_are_whole_and_without_blanks():
    rows = [
        ("2026-11-23T10:00:00+00:00", "ok"),
        ("20261123T100000Z", "ok"),
        (" 2026-11-23 10:00\n", "ok"),
        ("2026-11-23T10:00:00 +00:00", "bad-input"),
        ("2026-11-23T10:00:00\u00a0Z", "bad-input"),
        ("2026-11-23T10:00:00T+00:00", "bad-input"),
        ("2026-11-23T10:0000Z", "bad-input"),
        ("2026-11-23T10:00:000Z", "bad-input"),
        ("\u00a02026-11-23T10:00:00Z", "bad-input"),
        ("2026-11-23T10:00:00Z\ufeff", "bad-input"),
        ("2026-11-23T10:00:00Z\x1c", "bad-input"),
    ]
    check([(at, {"text": CARD.text, "at": at}, code) for at, code in rows])


def born(date: Any) -> str:
    body = {"nam": {"fn": "Lin"}, "dob": date, "v": [{"tg": "840539006", "ci": "C1", "dn": 2.0**60}]}  # fmt: skip
    return hcert(_m260={1: body})


def test_a_year_of_birth_may_be_a_float():
    rows = [
        (1990.0, "ok"),
        (1990, "ok"),
        (1990.5, "implausible"),
        (1e30, "implausible"),
        (-0.0, "implausible"),
        (float("inf"), "implausible"),
        (float("nan"), "implausible"),
        (True, "implausible"),
    ]
    check([(repr(date), {"text": born(date)}, code) for date, code in rows])


@pytest.mark.parametrize("keys", [(1, True), (1, 1.0), (0, False), (1.5, 1.5), (True, 1.0)])
def test_keys_of_one_value_are_one_key(keys):
    spoiled = plain.Pairs(((keys[0], "a"), (keys[1], "b")))
    text = hostile.signed_hcert(plain.cbor(CARD.claims | {99: spoiled}))
    check([(repr(keys), {"text": text}, "cbor")])


@pytest.mark.parametrize(("entry", "code"), [("rid.12", "ok"), ("rid.٣", "bad-input")])
def test_the_second_of_a_withdrawn_card_is_written_in_plain_digits(entry, code):
    lists = [{"kid": REED_ISLES.health_card_kid, "rids": [entry]}]
    check([(entry, {"text": HEALTH_CARD.text, "revoked": lists}, code)])
