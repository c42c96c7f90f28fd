"""Payloads made by chance, of the codes that the packs' rules look for, each field there or not."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

__all__ = ["certificates", "payloads"]

_DAYS: Final = st.one_of(
    st.dates().map(str),
    st.sampled_from(
        ("2026-11-13", "2026-11-23", "2026", "2026-05", "9999-12-31", "0001", "2025-11-23")
    ),
)
_MOMENTS: Final = st.one_of(
    st.datetimes().map(lambda one: one.isoformat(timespec="seconds") + "Z"),
    st.sampled_from(("2026-11-21T10:00:00Z", "2026-11-23T10:00:00+08:00", "2026-11-23")),
)
_DISEASES: Final = st.sampled_from(
    ("icd-11:1F03", "who:1F03", "icd-11:1C81", "icd-11:1C12", "who:1D47", "snomed:840539006", "x:y")
)
_PURPOSES: Final = st.sampled_from(
    (
        *("school-entry", "icvp/polio", "icvp/yellow-fever", "occupational-health/food"),
        *("occupational-health/childcare", "measles-outbreak/immune", "hospital-visit/ward", "x"),
    )
)
_RESULTS: Final = st.sampled_from(("snomed:260415000", "snomed:260373001"))
_NUMBERS: Final = st.integers(0, 9)
_SPAN: Final = {"valid_from": _DAYS, "valid_until": _DAYS}
_EVENTS: Final[dict[str, dict[str, st.SearchStrategy[Any]]]] = {
    "vaccination": {"disease": _DISEASES, "date": _DAYS, "dose": _NUMBERS, **_SPAN},
    "test": {"disease": _DISEASES, "result": _RESULTS, "sampled": _MOMENTS, **_SPAN},
    "recovery": {"disease": _DISEASES, "first_positive": _DAYS, **_SPAN},
    "examination": {"purpose": _PURPOSES, "performed": _DAYS, **_SPAN},
    "clearance": {"purpose": _PURPOSES, "exemption": st.booleans(), **_SPAN},
}
_DCC: Final[dict[str, dict[str, st.SearchStrategy[Any]]]] = {
    "v": {
        "tg": st.sampled_from(("840539006", "x")), "dt": _DAYS, "dn": _NUMBERS, "sd": _NUMBERS,
        "mp": st.just("EU/1/20/1528"),
    },
    "t": {
        "tg": st.sampled_from(("840539006", "x")), "tt": st.sampled_from(("LP6464-4", "x")),
        "tr": st.sampled_from(("260415000", "260373001")), "sc": _MOMENTS,
    },
    "r": {"tg": st.sampled_from(("840539006", "x")), "fr": _DAYS, "df": _DAYS, "du": _DAYS},
}  # fmt: skip


def _some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the fields, each there or not."""
    return st.fixed_dictionaries({}, optional=fields)


def payloads() -> st.SearchStrategy[dict[str, Any]]:
    """What rules that read facts may see: whole kinds may be missing, too."""
    lists = {kind: st.lists(_some(fields), max_size=4) for kind, fields in _EVENTS.items()}
    return _some({"birth": st.none() | _DAYS, **lists})


def certificates() -> st.SearchStrategy[dict[str, Any]]:
    """What rules that read EU certificates may see."""
    lists = {kind: st.none() | st.lists(_some(fields), max_size=2) for kind, fields in _DCC.items()}
    return _some({"dob": _DAYS, **lists})
