"""The last look, and signing: what is signed is what that page showed.

The page carries all that was typed in hidden fields, so a second tab or a later draft changes nothing
of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from huxin.adapters.paper import font
from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.pack_form import rows_of
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions.issue import Asked, is_card, issue_card, signed_today
from huxin.node.trust.forms.desk import HAND_OVER, PackForm, new_request
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.queries import desk as query
from huxin.node.trust.views.desk_door import staffed, today
from huxin.node.trust.views.desk_form import Place, fill_page, officer, pack_of, preview_of
from huxin.node.trust.views.desk_people import open_person
from huxin.packs.entries import Entry
from huxin.packs.reader import Words

__all__ = ["check"]


@fresh
@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def check(request: NodeRequest, person: uuid.UUID, pack: str) -> HttpResponse:
    """Show everything once more in large type; sign it."""
    place = Place(open_person(request, person), pack_of(pack))
    if request.method == "POST":
        return _sign(request, place)
    user = request.actor.user
    kept = drafts.kept(user, place.check) or drafts.kept(user, place.form)
    form = PackForm(place.pack, kept, today=today(request))
    if not kept or not form.is_valid():
        return redirect(place.form)
    return _check_page(request, place, form)


def _check_page(request: NodeRequest, place: Place, form: PackForm) -> HttpResponse:
    assert form.entry is not None
    before = query.granted(form.cleaned_data["request"], by=request.actor)
    pairs = dict(form.pairs())
    if before is not None:
        # The back button: this form has given its card; what follows would be another one.
        pairs["request"] = new_request()
    shown = {
        **place.shown(),
        **preview_of(request, form),
        "rows": rows_of(form.entry),
        "pairs": pairs.items(),
        "before": before,
        "differs": _differs(place.person, form.entry),
        "unprintable": _unprintable(form.entry),
        "past_limit": signed_today(request.actor, request.now) >= settings.HUXIN.daily,
        "minimal": form.is_minimal(),
    }
    return render(request, "trust/desk/check.html", shown)


def _differs(person: Any, entry: Entry) -> list[Words]:
    """Return the heads under which the card says something else than what is registered."""
    found = []
    for name in ("name", "latin", "birth"):
        registered, typed = str(getattr(person, name)), entry.text(name) or ""
        if registered and typed and registered.casefold() != typed.casefold():
            found.append(entry.pack.column(name).head)
    return found


def _unprintable(entry: Entry) -> str:
    """Return the letters that our PDF cannot print; nothing where no PDF is made here."""
    try:
        texts = (value for value in entry.values.values() if isinstance(value, str))
        return font.lacking("".join(texts))
    except RefusalError:
        return ""


def _sign(request: NodeRequest, place: Place) -> HttpResponse:
    form = PackForm(place.pack, request.POST, today=today(request))
    if not form.is_valid():
        return fill_page(request, place, form)
    assert form.entry is not None
    asked = Asked(
        place.person,
        form.entry,
        form.cells(),
        form.cleaned_data["request"],
        minimal=form.is_minimal(),
    )
    try:
        made = issue_card(asked, by=request.actor, now=request.now)
    except RefusalError as error:
        return _not_signed(request, place, form, error)
    for one in (place.form, place.check):
        drafts.forget(request.actor.user, one)
    if is_card(made):
        hand = form.cleaned_data.get("hand") or HAND_OVER[0][0]
        return _to(reverse("desk-card", args=[made.id]), hand=hand)
    return redirect("desk-wish", wish=made.id)


def _not_signed(
    request: NodeRequest, place: Place, form: PackForm, error: RefusalError
) -> HttpResponse:
    """Answer why nothing was signed; what was typed is kept as a draft."""
    pairs = dict(form.pairs())
    used = error.refusal.code == "exists"
    if used:
        pairs["request"] = new_request()
    drafts.keep(officer(request), place.form, pairs, now=request.now)
    drafts.forget(request.actor.user, place.check)
    shown = {
        **place.shown(),
        "used": used,
        "before": query.granted(form.cleaned_data["request"], by=request.actor),
        "told": refusal_words(error.refusal.code, error.refusal.detail),
    }
    return render(request, "trust/desk/not_signed.html", shown, status=409)


def _to(place: str, **query_: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{place}?{urlencode(query_)}")
