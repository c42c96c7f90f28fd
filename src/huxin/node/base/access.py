"""Every page says who may open it; one that does not is opened to nobody.

    @public                      anybody, signed in or not
    @signed_in                   whoever is signed in, about themselves
    @allow(Permission.ISSUE)     whoever holds a role with that permission

A decorator only marks the view; `middleware.AccessMiddleware` asks before the view runs.  Which
*objects* somebody may see is asked by queries: each takes `by=` and gives what is theirs, and a
page answers 404 for all else, so that nobody learns what exists.

    @fresh                       besides: the password or key was shown in the last minutes
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from huxin.node.base.permissions import Permission

__all__ = [
    "LIBRARY_VIEWS",
    "Access",
    "access_of",
    "allow",
    "answers_get",
    "fresh",
    "public",
    "signed_in",
]

_View = TypeVar("_View", bound=Callable[..., Any])
_MARK: Final = "huxin_access"
_FRESH: Final = "huxin_fresh"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page: `kind` is public, signed-in or permission."""

    kind: str
    permissions: frozenset[Permission] = frozenset()
    fresh: bool = False


# Pages of libraries, by the start of their module's name; they look after themselves.
LIBRARY_VIEWS: Final = ("allauth.account.", "allauth.mfa.", "allauth.usersessions.")


def public(view: _View) -> _View:
    """Mark a page that anybody may open."""
    setattr(view, _MARK, Access("public"))
    return view


def signed_in(view: _View) -> _View:
    """Mark a page for whoever is signed in."""
    setattr(view, _MARK, Access("signed-in"))
    return view


def allow(*permissions: Permission) -> Callable[[_View], _View]:
    """Mark a page for those who hold one of `permissions`."""

    def mark(view: _View) -> _View:
        setattr(view, _MARK, Access("permission", frozenset(permissions)))
        return view

    return mark


def fresh(view: _View) -> _View:
    """Mark a page for which a recent sign-in is asked again (step-up); stands above the others."""
    setattr(view, _FRESH, True)
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return what a view was marked with; `None` is a page for nobody."""
    found: Access | None = getattr(view, _MARK, None)
    if found is not None:
        return Access(found.kind, found.permissions, getattr(view, _FRESH, False))
    module = getattr(view, "__module__", "")
    return Access("public") if module.startswith(LIBRARY_VIEWS) else None


def answers_get(view: Callable[..., Any]) -> bool:
    """Tell whether a view is a page, which can be looked at, or takes forms only (`require_POST`)."""
    wrapped: Any = view
    while wrapped is not None:
        # Django says nowhere but in this argument which methods a view was limited to.
        methods = inspect.getclosurevars(wrapped).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        wrapped = getattr(wrapped, "__wrapped__", None)
    return True
