"""A person at the desk: registering, their page, changing what is known of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts, people
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.forms.desk import PersonForm, new_request
from huxin.node.trust.queries import desk as query
from huxin.node.trust.views.desk_door import purpose_of, rail, staffed, today
from huxin.packs import reader
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["change", "open_person", "person_page", "register"]


def open_person(request: NodeRequest, person: uuid.UUID) -> Any:
    """Return a person of this desk, recorded as seen; whoever is not of it does not exist here."""
    found = query.person_here(
        person, purpose=purpose_of(request), by=request.actor, now=request.now
    )
    if found is None:
        raise Http404
    return found


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def register(request: NodeRequest) -> HttpResponse:
    """Register a person; whoever may be the same is offered first."""
    by, place = request.actor, reverse("desk-register")
    if request.method != "POST":
        kept = drafts.kept(by.user, place)
        shown = _registering(_first(request, kept)) | {"kept": bool(kept)}
        return render(request, "trust/desk/register.html", shown)
    form = PersonForm(request.POST, today=today(request))
    if not form.is_valid():
        return render(request, "trust/desk/register.html", _registering(form))
    similar = people.similar(form.known(), by=by)
    key = form.cleaned_data["request"] or uuid.uuid4()
    if any(one.id == key for one in similar):
        return redirect("desk-person", person=key)
    if similar and request.POST.get("different") != "1":
        shown = {"form": form, "typed": form.known(), "similar": similar, "rail": rail()}
        return render(request, "trust/desk/similar.html", shown)
    try:
        person = people.register(form.known(), by=by, now=request.now, request=key)
    except RefusalError:
        return _once_more(request)
    drafts.forget(by.user, place)
    return redirect("desk-person", person=person.id)


def _once_more(request: NodeRequest) -> HttpResponse:
    """Show what was typed with a key of its own: the one that came with it is somebody else's."""
    typed = request.POST.copy()
    typed["request"] = str(new_request())
    text = says(
        "没登记上，填的都在。请再按一次“登记”。",
        "Nothing was registered yet, and nothing is lost. Press Register once more.",
    )
    messages.warning(request, text)
    shown = _registering(PersonForm(typed, today=today(request)))
    return render(request, "trust/desk/register.html", shown, status=409)


def _first(request: NodeRequest, kept: dict[str, Any]) -> PersonForm:
    """Return the form as it is shown at first: what was kept, or what was searched for."""
    day = today(request)
    if kept:
        cells = PersonForm(kept, today=day).cells()
    else:
        typed = drafts.kept(request.actor.user, reverse("desk-find"))
        words = typed.get("words", "")
        name = "latin" if words.isascii() and not any(map(str.isdigit, words)) else "name"
        cells = {name: words, "birth": typed.get("birth", "")}
        if any(map(str.isdigit, words)):
            cells = {"document": words, "birth": typed.get("birth", "")}
    return PersonForm(initial={**cells, "request": new_request()}, today=day)


def _registering(form: PersonForm) -> dict[str, Any]:
    return {"form": form, "rail": rail(reverse("desk-find"))}


@allow(Permission.ISSUE)
@require_GET
@staffed
def person_page(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Show a person, their cards at this desk, and the packs of which a card can be made."""
    found = open_person(request, person)
    shown = {
        "person": found,
        "cards": [
            (card, pack_or_stand_in(card.pack))
            for card in query.cards_here(found, by=request.actor)
        ],
        "packs": [reader.pack(name) for name in reader.pack_ids()],
        "today": today(request),
        "slip": new_request(),
        "rail": rail(reverse("desk-find")),
    }
    return render(request, "trust/desk/person.html", shown)


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def change(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Change what is known of a person; the second of two clerks sees both versions."""
    found = open_person(request, person)
    by, place = request.actor, request.path
    if request.method != "POST":
        kept = drafts.kept(by.user, place)
        cells = PersonForm(kept, today=today(request)).cells() if kept else _fields(found)
        version = kept.get("version") or found.version
        form = PersonForm(initial={**cells, "version": version}, today=today(request))
        return render(request, "trust/desk/change.html", _changing(found, form) | {"kept": kept})
    form = PersonForm(request.POST, today=today(request))
    if not form.is_valid():
        return render(request, "trust/desk/change.html", _changing(found, form))
    version = form.cleaned_data["version"] or 0
    try:
        people.change(person, form.known(), version=version, by=by, now=request.now)
    except RefusalError:
        return _both(request, form, open_person(request, person))
    drafts.forget(by.user, place)
    messages.success(request, says("已存好。", "Saved."))
    return redirect("desk-person", person=person)


def _fields(person: Any) -> dict[str, str]:
    return {name: getattr(person, name) for name in people.FIELDS}


def _changing(person: Any, form: PersonForm) -> dict[str, Any]:
    return {"person": person, "form": form}


def _both(request: NodeRequest, form: PersonForm, stored: Any) -> HttpResponse:
    """Answer the second of two clerks: what stands now beside what they typed, nothing lost."""
    mine = form.known()
    rows = [
        (column.head, _shown(form, column.id, getattr(stored, column.id)),
         _shown(form, column.id, mine[column.id]), getattr(stored, column.id) != mine[column.id])
        for column in form.columns
    ]  # fmt: skip
    again = PersonForm(initial={**mine, "version": stored.version}, today=form.today)
    shown = {"person": stored, "rows": rows, "form": again}
    return render(request, "trust/desk/both.html", shown, status=409)


def _shown(form: PersonForm, name: str, value: str) -> Any:
    choices = {one.id: one.words for one in form.column(name).choices}
    return choices.get(value, value)
