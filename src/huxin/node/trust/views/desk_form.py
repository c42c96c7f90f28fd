"""Recording facts: the pack's form and its preview.

What was typed goes from page to page as the officer's own draft, sealed; nothing is signed here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts, people
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions.issue import signed_today
from huxin.node.trust.forms.desk import HAND_OVER, PackForm, new_request, person_fields
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.queries.faces import preview
from huxin.node.trust.views.desk_door import rail, staffed, today
from huxin.node.trust.views.desk_people import open_person
from huxin.packs import reader
from huxin.packs.reader import Pack

__all__ = ["Place", "fill", "fill_page", "officer", "pack_of", "preview_of", "show_preview"]


@dataclass(frozen=True, slots=True)
class Place:
    """One form: for whom, of which pack, and the addresses of its pages."""

    person: Any
    pack: Pack

    @property
    def form(self) -> str:
        return reverse("desk-form", args=[self.person.id, self.pack.id])

    @property
    def check(self) -> str:
        return reverse("desk-check", args=[self.person.id, self.pack.id])

    def shown(self) -> dict[str, Any]:
        back = [reverse("desk-find"), self.form]
        return {"person": self.person, "pack": self.pack, "rail": rail(*back)}


def pack_of(name: str) -> Pack:
    if name not in reader.pack_ids():
        raise Http404
    return reader.pack(name)


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def fill(request: NodeRequest, person: uuid.UUID, pack: str) -> HttpResponse:
    """Show the pack's form; look at it again, keep it as a draft, or go on to the last look."""
    place = Place(open_person(request, person), pack_of(pack))
    if request.method != "POST":
        return fill_page(request, place, _first(request, place))
    doing = request.POST.get("do", "check")
    if doing == "discard":
        drafts.forget(request.actor.user, place.form)
        return redirect(place.form)
    form = PackForm(place.pack, request.POST, today=today(request))
    if doing == "draft":
        return _keep(request, place, form)
    if doing == "preview":
        # A look in between is no time to be told of what is still empty.
        form = PackForm(place.pack, initial=_typed(form), today=today(request))
        return fill_page(request, place, form)
    if not form.is_valid():
        return fill_page(request, place, form)
    drafts.keep(officer(request), place.form, dict(form.pairs()), now=request.now)
    return redirect(place.check)


def _first(request: NodeRequest, place: Place) -> PackForm:
    kept = drafts.kept(request.actor.user, place.form)
    if kept:
        typed = _typed(PackForm(place.pack, kept, today=today(request)))
    else:
        fields = {name: getattr(place.person, name) for name in people.FIELDS}
        typed = {**person_fields(fields), "hand": HAND_OVER[0][0]}
    return PackForm(place.pack, initial={"request": new_request(), **typed}, today=today(request))


def _typed(form: PackForm) -> dict[str, Any]:
    """Return what was typed, to be shown once more without a word about it."""
    known: dict[str, Any] = dict(form.cells())
    for name in ("request", "hand"):
        if form[name].data:
            known[name] = form[name].data
    return known | {"minimal": bool(form["minimal"].data)}


def _keep(request: NodeRequest, place: Place, form: PackForm) -> HttpResponse:
    if drafts.keep(officer(request), place.form, dict(form.pairs()), now=request.now):
        messages.success(
            request, says("草稿已存好，只有您看得到。", "The draft is kept; only you see it.")
        )
        return redirect(place.form)
    form.is_valid()
    messages.warning(request, says("内容太长，没有存成草稿。", "Too long to be kept as a draft."))
    return fill_page(request, place, form)


def fill_page(request: NodeRequest, place: Place, form: PackForm) -> HttpResponse:
    shown = {
        **place.shown(),
        **preview_of(request, form),
        "form": form,
        "kept": not form.is_bound and bool(drafts.kept(request.actor.user, place.form)),
        "signed": signed_today(request.actor, request.now),
        "daily": settings.HUXIN.daily,
        "alike": _alike(request, place),
    }
    return render(request, "trust/desk/form.html", shown)


def _alike(request: NodeRequest, place: Place) -> list[Any]:
    fields = {name: getattr(place.person, name) for name in people.FIELDS}
    found = people.similar(fields, by=request.actor)
    return [one for one in found if one.id != place.person.id]


@allow(Permission.ISSUE)
@require_POST
@staffed
def show_preview(request: NodeRequest, person: uuid.UUID, pack: str) -> HttpResponse:
    """Return the preview of what is typed, as a part of a page; shows nothing but what was sent."""
    if people.known_here(person, by=request.actor) is None:
        raise Http404
    form = PackForm(pack_of(pack), request.POST, today=today(request))
    return render(request, "trust/desk/preview.html", preview_of(request, form))


def preview_of(request: NodeRequest, form: PackForm) -> dict[str, Any]:
    """Return the face of the card as far as the form can be read, and whether it can."""
    cells = form.cells()
    judged = PackForm(form.pack, _sent(form), today=form.today)
    judged.full_clean()
    entry = judged.entry
    minimal = judged.is_minimal()
    try:
        face = preview(form.pack, cells, entry, minimal=minimal, now=request.now)
    except RefusalError as error:
        told = refusal_words(error.refusal.code, error.refusal.detail)
        empty = preview(form.pack, cells, None, minimal=minimal, now=request.now)
        return {"face": empty, "told": told, "readable": False}
    return {"face": face, "told": None, "readable": entry is not None}


def _sent(form: PackForm) -> Mapping[str, str]:
    """Return a form's data as if it had been sent: a form shown at first has none."""
    if form.is_bound:
        return cast("Mapping[str, str]", form.data)
    return form.sent()


def officer(request: NodeRequest) -> uuid.UUID:
    return request.actor.staff().user
