"""The frame of a rule that a region may adopt: everything but region, publication and dates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tools.pack_rules.logic import fields_of

__all__ = ["READ", "Template", "basis", "codes", "rule", "texts"]

Template = dict[str, Any]

READ: Final = "2026-11-28"  # the day on which we looked at what a rule rests on


def texts(hans: str, hant: str, english: str) -> dict[str, str]:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": english}


def basis(instrument: dict[str, str], article: str = "1") -> dict[str, Any]:
    return {"instrument": instrument, "article": article, "read": READ}


def codes(*icd: str) -> list[str]:
    """A disease by its code: as our own attestation names it, and as WHO certificates do."""
    return [f"{system}:{one}" for one in icd for system in ("icd-11", "who")]


def rule(
    identifier: str,
    purpose: str,
    kinds: Iterable[str],
    logic: Any,
    *,
    says: dict[str, str],
    then: dict[str, str],
    **more: Any,
) -> Template:
    """Return a rule: `says` is what it asks, `then` what to do where it is not met."""
    outbreak = {"outbreak": more["outbreak"]} if "outbreak" in more else {}
    return {
        "format": "huxin-rule/1",
        "id": identifier,
        "version": "1.0.0",
        "type": "acceptance",
        "purpose": purpose,
        "kinds": list(kinds),
        "reads": more.get("reads", "facts"),
        "effect": more.get("effect", "admits"),
        "basis": more["basis"],
        **outbreak,
        "standing": "illustrative",
        "description": says,
        "next_step": then,
        "fields": fields_of(logic),
        "logic": logic,
    }
