"""HCERT broken from the outside in: text, compression, CBOR, envelope, headers, signature."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tools.vectors import plain
from tools.vectors.case import Case, cwt, dcc, hc1, sealed, sign1, spread
from tools.vectors.issuers import BAY, EDWARDS, ISLES, STRANGER
from tools.vectors.keys import Issuer
from tools.vectors.plain import Pairs, Raw, Tag, cbor

__all__ = ["broken", "cases"]

_TEXT: Final = sealed(ISLES, {1: dcc()})
_PAYLOAD: Final = cwt({1: dcc()})
_PARTS: Final = sign1(_PAYLOAD, ISLES)
_ENVELOPE: Final = cbor(Tag(18, _PARTS))
_PACKED: Final = plain.deflate(_ENVELOPE)
_HEADERS: Final = {1: -7, 4: ISLES.kid}


def cases() -> Iterator[Case]:
    yield from _table("prefix", "prefix", _foreign())
    yield from _table("format", "prefix", _known_but_not_read())
    yield from _table("base45", "base45", _letters())
    yield from _table("inflate", "inflate", _packed())
    yield from _table("too-big", "inflate", {"a bomb": _hc1_packed(plain.deflate(bytes(100_000)))})
    yield from _table("too-big", "prefix", {"a text too long": "HC1:" + "0" * 16_500})
    yield from _table("cbor", "cose", _structure())
    yield from _table("cbor", "cose", _tags())
    yield from _table("cose", "cose", _envelopes())
    yield from _table("cose", "cose", _claims())
    yield from _table("format", "cose", _other_content())
    yield from _table("kid", "cose", _kids())
    yield from _table("kid", "key", _kids_that_name_nothing())
    yield from _table("alg", "signature", _algorithms())
    yield from _table("signature", "signature", _signatures())


def broken(
    id: str, name: str, text: str, code: str, fails: str | None, who: Issuer = ISLES, **more: Any
) -> Case:
    """Return a case in which `who` is believed and `text` is refused with `code`."""
    keys = more.pop("keys", (who.lent(),))
    return Case(id=f"hcert/{id}", name=name, keys=keys, text=text, code=code, fails=fails, **more)


def _table(code: str, fails: str, texts: Mapping[str, str]) -> Iterator[Case]:
    for name, text in texts.items():
        slug = "".join(letter if letter.isalnum() else " " for letter in name).split()
        yield broken(f"{code}-{'-'.join(slug)}", f"{code}: {name}", text, code, fails)


# ------------------------------------------------------------------------------------------- text


def _foreign() -> dict[str, str]:
    body = _TEXT[4:]
    return {
        "lower case": f"hc1:{body}",
        "a later version": f"HC2:{body}",
        "no colon": f"HC1{body}",
        "no prefix": body,
        "nothing": "",
        "a web address": "https://example.org/?card=HC1:",
        "a sentence": "请出示健康凭证 Please show the credential",
        "a visiting card": "BEGIN:VCARD\nVERSION:3.0\nFN:LIN ZHOU\nEND:VCARD",
        "a visible digital seal": "DC03QWQW01234567890ABCDEF<US>LIN<US>ZHOU",
        "an upper case health card": "SHC:/567629095243206034602924374044603122295953265460346029",
    }


def _known_but_not_read() -> dict[str, str]:
    return {
        "a SMART Health Link": "shlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUub3JnIn0",
        "such a link behind a viewer": "https://viewer.example.org/#shlink:/eyJ1cmwiOiIifQ",
    }


def _letters() -> dict[str, str]:
    body = _TEXT[4:]
    return {
        "a small letter": "HC1:" + body[:20] + body[20:].lower(),
        "a letter of no alphabet": f"HC1:{body[:30]}#{body[31:]}",
        "a full-width letter": f"HC1:{body[:30]}Ａ{body[31:]}",
        "a line break inside": f"HC1:{body[:30]}\n{body[30:]}",
        "one letter left over": f"HC1:{body[: len(body) // 3 * 3 - 2]}",
        "a group above 65535": f"HC1:{body[:30]}:::{body[33:]}",
        "a last pair above 255": f"HC1:{body[:30]}::",
    }


# ------------------------------------------------------------------------------------ compression


def _hc1_packed(packed: bytes) -> str:
    return "HC1:" + plain.base45(packed)


def _packed() -> dict[str, str]:
    middle = len(_PACKED) // 2
    flipped = bytearray(_PACKED)
    flipped[-1] ^= 1
    stored = plain.deflate(_ENVELOPE, level=0)
    return {name: _hc1_packed(packed) for name, packed in {
        "nothing behind the prefix": b"",
        "not compressed": _ENVELOPE,
        "cut in the middle": _PACKED[:middle],
        "without its last byte": _PACKED[:-1],
        "a wrong checksum": bytes(flipped),
        "bytes after the end": _PACKED + b"\0",
        "a second stream after the first": _PACKED + _PACKED,
        "raw DEFLATE": plain.deflate(_ENVELOPE, raw=True),
        "gzip": gzip.compress(_ENVELOPE, mtime=0),
        "stored but cut": stored[:-20],
        "a preset dictionary": b"\x78\xbb" + _PACKED[2:],
    }.items()}  # fmt: skip


# ------------------------------------------------------------------------------------------- CBOR


def _in_payload(data: bytes) -> str:
    return spread(ISLES, data)


def _twice(pairs: Mapping[Any, Any], key: Any, value: Any) -> Pairs:
    return Pairs((*pairs.items(), (key, value)))


def _structure() -> dict[str, str]:
    deep: Any = 0
    for _ in range(20):
        deep = [deep]
    body = dcc()
    entry = body["v"][0]
    claims = {1: "QW", 4: 1_830_000_000, 6: 1_790_000_000}
    return {
        "bytes after the envelope": hc1(_ENVELOPE + b"\0"),
        "the envelope cut": hc1(_ENVELOPE[:-1]),
        "JSON": hc1(b'{"v":1}'),
        "nothing": hc1(b""),
        "a lone break": hc1(b"\xff"),
        "a reserved length": hc1(b"\xd2\x9c"),
        "a length beyond the end": hc1(b"\xd2\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
        "nested too deep": hc1(cbor(deep)),
        "bytes after the claims": _in_payload(_PAYLOAD + b"\0"),
        "the claims cut": _in_payload(_PAYLOAD[:-1]),
        "a text that is not UTF-8": _in_payload(cbor({1: Raw(b"\x62\xc3\x28"), -260: {1: body}})),
        "content nested too deep": _in_payload(cwt({1: body | {"x": deep}})),
        "bytes after the signed header": _planted(cbor(_HEADERS) + b"\0"),
        "a key twice in the signed header": _planted(cbor(_twice(_HEADERS, 1, -7))),
        "a key twice in the other header": _planted(None, _twice({4: b"1"}, 4, b"2")),
        "a claim twice": _in_payload(cbor(_twice(claims | {-260: {1: body}}, 4, 1_900_000_000))),
        "a health claim twice": _in_payload(cwt(_twice({1: body}, 1, body))),
        "a member twice": _in_payload(cwt({1: _twice(body, "dob", "1990-01-01")})),
        "a name twice": _in_payload(cwt({1: body | {"nam": _twice(body["nam"], "fn", "王")}})),
        "a date twice": _in_payload(cwt({1: body | {"v": [_twice(entry, "dt", "2026-11-01")]}})),
        "a health claim that is text": _in_payload(cwt({1: "vaccinated"})),
    }


def _planted(protected: Any, unprotected: Any = None, **more: Any) -> str:
    return spread(ISLES, _PAYLOAD, protected=protected, unprotected=unprotected, **more)


def _tags() -> dict[str, str]:
    values = {
        2: b"\1\2\3\4\5\6\7\x08\x09", 3: b"\1", 4: [1, 2], 5: [1, 2], 25: 0, 28: {"a": 1}, 29: 0,
        30: [1, 2], 35: "(a+)+$", 36: "MIME-Version: 1.0", 258: [1, 2], 55799: 1,
    }  # fmt: skip
    return {
        f"tag {number} in the content": _in_payload(cwt({1: dcc(x=Tag(number, value))}))
        for number, value in values.items()
    } | {
        "an instant that is none": _in_payload(cwt({1: dcc(dob=Tag(0, "yesterday"))})),
        "a day where an instant belongs": _in_payload(cwt({1: dcc(dob=Tag(0, "2020-03-05"))})),
        "an instant past the calendar": _in_payload(
            cwt({1: dcc(x=Tag(0, "9999-12-31T23:59:59-14:00"))})
        ),
        "an instant of not a number": _in_payload(cwt({1: dcc(dob=Tag(1, float("nan")))})),
    }  # fmt: skip


# --------------------------------------------------------------------------------------- envelope


def _envelopes() -> dict[str, str]:
    protected, unprotected, payload, signature = _PARTS
    shapes: dict[str, Any] = {
        "three parts": Tag(18, _PARTS[:3]),
        "five parts": Tag(18, [*_PARTS, b""]),
        "the tag of a MAC": Tag(17, _PARTS),
        "the tag of many signatures": Tag(98, _PARTS),
        "the tag three times": Tag(18, Tag(18, Tag(18, _PARTS))),
        "the tags in the wrong order": Tag(18, Tag(61, _PARTS)),
        "the CWT tag alone": Tag(61, _PARTS),
        "a map": {1: protected, 2: payload},
        "a number": 7,
        "no payload": Tag(18, [protected, unprotected, None, signature]),
        "a signature that is text": Tag(18, [protected, unprotected, payload, "signature"]),
        "a signed header that is a map": Tag(18, [_HEADERS, unprotected, payload, signature]),
        "a header that is a list": Tag(18, [protected, [], payload, signature]),
    }
    return {name: hc1(cbor(shape)) for name, shape in shapes.items()} | {
        "a signed header that holds a list": _planted(cbor([1, 2])),
        "a critical header": _planted(_HEADERS | {2: [99], 99: 1}),
        "a critical header outside": _planted(None, {2: [99], 99: 1}),
    }


def _claims() -> dict[str, str]:
    return {name: _in_payload(data) for name, data in {
        "claims that are a list": cbor([1, 2]),
        "no health claim": cbor({1: "QW", 4: 1_830_000_000}),
        "a health claim that is a list": cwt([dcc()]),
        "an expiry in words": cwt({1: dcc()}, exp="2027-12-28"),
        "an expiry that is true": cwt({1: dcc()}, exp=True),
        "an expiry outside the calendar": cwt({1: dcc()}, exp=-(1 << 62)),
        "an expiry without end": cwt({1: dcc()}, exp=float("inf")),
    }.items()}  # fmt: skip


def _other_content() -> dict[str, str]:
    return {
        "a health claim of another kind": _in_payload(cwt({2: dcc()})),
        "an empty health claim": _in_payload(cwt({})),
        "a link to records": _in_payload(cwt({5: [{"u": "shlink:/eyJ1cmwiOiIifQ"}]})),
    }


# ---------------------------------------------------------------------------------------- headers


def _kids() -> dict[str, str]:
    return {
        "text": _planted({1: -7, 4: "kid"}),
        "a number": _planted({1: -7, 4: 12}),
        "empty": _planted({1: -7, 4: b""}),
        "sixty-five bytes": _planted({1: -7, 4: bytes(65)}),
    }


def _kids_that_name_nothing() -> dict[str, str]:
    return {
        "none at all": _planted({1: -7}),
        "the signed one wrong, the other right": _planted({1: -7, 4: b"nobodys!"}, {4: ISLES.kid}),
    }


def _algorithms() -> dict[str, str]:
    kid = {4: ISLES.kid}
    return {
        "none named": _planted(kid),
        "RSA named, curve meant": _planted(kid | {1: -37}),
        "Ed25519 named, P-256 meant": _planted(kid | {1: -8}),
        "a shared secret": _planted(kid | {1: 5}),
        "a number nobody knows": _planted(kid | {1: -65000}),
        "a word": _planted(kid | {1: "ES256"}),
        "two that differ": _planted(kid | {1: -35}, {1: -7}),
    }


# -------------------------------------------------------------------------------------- signature


def _der(signature: bytes) -> bytes:
    def number(value: bytes) -> bytes:
        short = value.lstrip(b"\0")
        signed = b"\0" + short if short[0] & 0x80 else short
        return b"\x02" + bytes((len(signed),)) + signed

    body = number(signature[:32]) + number(signature[32:])
    return b"\x30" + bytes((len(body),)) + body


def _signatures() -> dict[str, str]:
    right = _PARTS[3]
    structure = cbor(["Signature", _PARTS[0], b"", _PAYLOAD])
    older = cwt({1: dcc(dob="1990-03-05")})
    planted = {
        "one bit flipped": right[:-1] + bytes((right[-1] ^ 1,)),
        "in DER": _der(right),
        "one byte short": right[:-1],
        "one byte long": right + b"\0",
        "empty": b"",
        "zeros": bytes(64),
        "halves swapped": right[32:] + right[:32],
        "for another structure": ISLES.sign(structure),
        "over the payload alone": ISLES.sign(_PAYLOAD),
        "by another key": STRANGER.sign(cbor(["Signature1", _PARTS[0], b"", _PAYLOAD])),
        "of Ed25519": EDWARDS.sign(cbor(["Signature1", _PARTS[0], b"", _PAYLOAD])),
    }
    changed = sign1(_PAYLOAD, BAY, protected=_HEADERS)
    return {name: _planted(None, signature=made) for name, made in planted.items()} | {
        "of an older payload": spread(ISLES, older, signature=right),
        "of an older header": _planted(_HEADERS | {3: 11}, signature=right),
        "by a key that borrows the kid": hc1(cbor(Tag(18, changed))),
    }
