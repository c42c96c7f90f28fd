"""One file of metadata of The Update Framework, read strictly and without its library.

Responsible for the form: JSON in which nothing stands twice, whole numbers, texts in normal form C, the fields
that the specification (version 1.0) asks for, and of the right kind.  Leaves signatures to the client, who has
checked them, and what a federation may say in such a file to `lint`.

- what passes here is of the right shape: those who read it do not look again whether a list is a list;
- the bytes stay beside the value, since those were signed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.fields import parse_stamp, refuse
from huxin.trust.federation.layout import MOST_METADATA, MOST_TIMESTAMP, TOP_ROLES
from huxin.trust.federation.role_shape import is_count, shape_faults

__all__ = ["RoleFile", "parse_role"]

_SPEC: Final = re.compile(r"1(\.[0-9]{1,6}){1,2}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_MOST_SIGNATURES: Final = 1_000
_MOST_DEPTH: Final = 32
_MOST_NUMBER: Final = 2**53 - 1
"""Above this, a browser reads another number than the one that stands there."""


@dataclass(frozen=True, slots=True)
class RoleFile:
    """What a role signed: `signed` is the whole signed part, `data` the file as it came.

    `signers` are the key ids that stand in the file, in order; whether they signed is not asked here.
    """

    role: str
    version: int
    expires: datetime
    signed: Mapping[str, Any]
    signers: tuple[str, ...]
    data: bytes


def parse_role(data: bytes, role: str) -> RoleFile:
    """Read the metadata of `role`; refuses with `trust-file` or `too-big`."""
    if len(data) > (MOST_TIMESTAMP if role == "timestamp" else MOST_METADATA):
        raise RefusalError("too-big", f"metadata of {role}")
    whole = _strict(data, role)
    if not isinstance(whole, dict) or not whole.keys() >= {"signed", "signatures"}:
        raise refuse(f"/{role}", "not a signed part and its signatures")
    signed = whole["signed"]
    kind = role if role in TOP_ROLES else "targets"
    if not isinstance(signed, dict) or signed.get("_type") != kind:
        raise refuse(f"/{role}/signed/_type", f"not {kind}")
    spec, version = signed.get("spec_version"), signed.get("version")
    if not isinstance(spec, str) or not _SPEC.fullmatch(spec):
        raise refuse(f"/{role}/signed/spec_version", "not 1.x")
    if not is_count(version):
        raise refuse(f"/{role}/signed/version", "not a whole number from 1")
    if faults := list(shape_faults(kind, signed)):
        raise refuse(f"/{role}/signed/{faults[0][:100]}", "not of the form that TUF 1.0 gives it")
    return RoleFile(
        role,
        version,
        parse_stamp(signed.get("expires"), f"/{role}/signed/expires"),
        signed,
        _signers(whole["signatures"], role),
        data,
    )


def _strict(data: bytes, role: str) -> Any:
    if data.startswith(_BYTE_ORDER_MARK):
        raise refuse(f"/{role}", "a byte order mark")
    whole = strict_json.parse(data, code="trust-file")
    for one in _leaves(whole):
        if isinstance(one, float):
            raise refuse(f"/{role}", "a number that is not whole")
        if type(one) is int and abs(one) > _MOST_NUMBER:
            raise refuse(f"/{role}", "a number beyond 2^53 - 1")
        if isinstance(one, str) and not unicodedata.is_normalized("NFC", one):
            raise refuse(f"/{role}", "a text that is not in normal form C")
    return whole


def _leaves(whole: object) -> Iterable[object]:
    """Yield the names and values of every object and list; a stack, since a file may be deep."""
    stack = [(whole, 0)]
    while stack:
        one, depth = stack.pop()
        if depth > _MOST_DEPTH:
            raise refuse("", f"more than {_MOST_DEPTH} things inside one another")
        if isinstance(one, dict):
            yield from one
            stack.extend((each, depth + 1) for each in one.values())
        elif isinstance(one, list):
            stack.extend((each, depth + 1) for each in one)
        else:
            yield one


def _signers(found: object, role: str) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > _MOST_SIGNATURES:
        raise refuse(f"/{role}/signatures", f"not a list of up to {_MOST_SIGNATURES}")
    signers: list[str] = []
    for one in found:
        # What else stands there is of a later TUF, and says nothing to us (TUF 1.0, 4.1).
        fits = isinstance(one, dict) and {"keyid", "sig"} <= one.keys()
        if not fits or not all(isinstance(one[name], str) for name in ("keyid", "sig")):
            raise refuse(f"/{role}/signatures", "not a key id and a signature")
        if not _SIGNATURE.fullmatch(one["sig"]):
            raise refuse(f"/{role}/signatures", "not an Ed25519 signature in hexadecimal digits")
        signers.append(one["keyid"])
    if len(set(signers)) < len(signers):
        raise refuse(f"/{role}/signatures", "a key id twice")
    return tuple(signers)
