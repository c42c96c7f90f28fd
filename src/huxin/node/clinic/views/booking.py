"""A resident's pages: their visits, and booking one."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.clinic.actions import visits as actions
from huxin.node.clinic.actions.visits import Booking
from huxin.node.clinic.forms.booking import Choice, TimeForm, WhoForm
from huxin.node.clinic.queries import times, visits
from huxin.node.clinic.queries.said import said_of
from huxin.node.clinic.words import KIND_WORDS, STATE_WORDS

__all__ = ["book", "mine"]

# What the first form asks; `next` is its button, so that an empty one is answered too.
_WHO: Final = ("person", "place", "kind", "next")


@allow(Permission.SHOW_OWN)
@require_GET
def mine(request: NodeRequest) -> HttpResponse:
    """List one's own visits and those of whom one looks after."""
    rows = [
        {
            "visit": one,
            "kind": KIND_WORDS[one.slot.kind],
            "state": STATE_WORDS[one.at],
            "record": said_of(one, by=request.actor, now=request.now).record,
        }
        for one in visits.visits_of(request.actor, now=request.now)
    ]
    return render(request, "clinic/visits.html", {"rows": rows})


@allow(Permission.SHOW_OWN)
@require_http_methods(["GET", "POST"])
def book(request: NodeRequest) -> HttpResponse:
    """Choose who, where and what for; then a time; each step a page that works without scripts."""
    asked = _asked(request)
    # Whoever changes their mind sees what was chosen, and is asked again.
    answered = "anew" not in request.GET and any(name in asked for name in _WHO)
    who = WhoForm(
        asked if answered else None,
        people=visits.family(request.actor),
        places=times.places(),
        initial=asked,
    )
    if not who.is_bound or not who.is_valid():
        return render(request, "clinic/book_who.html", {"who": who})
    return _choose_time(request, who.choice(), asked)


def _asked(request: NodeRequest) -> dict[str, str]:
    """Return what was typed, here or before the session ended."""
    if request.method == "POST":
        return {name: str(value) for name, value in request.POST.items()}
    kept = drafts.kept(request.actor.user, request.path)
    return {**kept, **{name: str(value) for name, value in request.GET.items()}}


def _choose_time(request: NodeRequest, choice: Choice, asked: dict[str, str]) -> HttpResponse:
    days = times.free_days(choice.place.id, choice.kind, now=request.now)
    day = _day(asked.get("day", ""), days)
    slots = times.free_on(choice.place.id, choice.kind, day, now=request.now) if day else []
    wanted = times.slot(asked.get("slot", ""))
    posted = request.method == "POST"
    before = _before(request, asked) if posted else None
    if before is not None and wanted and visits.answers(before, choice.person.id, wanted):
        return redirect(
            "visit", visit=before.id
        )  # the button was pressed twice, or the page was sent again
    if before is not None:
        asked = {**asked, "request": str(uuid.uuid4())}
    form = TimeForm(
        asked if posted else None,
        slots=slots,
        wanted=wanted.starts if wanted else None,
        zone=settings.HUXIN.time_zone,
        initial={"request": uuid.uuid4(), **{n: asked[n] for n in ("reason",) if n in asked}},
    )
    if before is not None:
        form.note_used()
    elif posted and (done := _book(request, choice, form)) is not None:
        return done
    shown = {"choice": choice, "form": form, "day": day, "asked": _who(choice)}
    shown |= {
        "change": f"{reverse('visit-book')}?{urlencode({'anew': 1, **_who(choice)})}",
        "days": [(one, _address(choice, one)) for one in days],
        "kind": KIND_WORDS[choice.kind],
    }
    return render(request, "clinic/book_time.html", shown)


def _day(text: str, days: list[date]) -> date | None:
    """Return the day that was asked for, if something is free on it, else the first such day."""
    return next((one for one in days if one.isoformat() == text), days[0] if days else None)


def _who(choice: Choice) -> dict[str, Any]:
    return {"person": choice.person.id, "place": choice.place.id, "kind": choice.kind}


def _address(choice: Choice, day: date) -> str:
    return f"{reverse('visit-book')}?{urlencode({**_who(choice), 'day': day.isoformat()})}"


def _before(request: NodeRequest, asked: dict[str, str]) -> Any:
    """Return the visit that this very form made, if it made one."""
    wish = asked.get("request", "")
    return visits.booked_by_request(wish, by=request.actor, now=request.now)


def _book(request: NodeRequest, choice: Choice, form: TimeForm) -> HttpResponseRedirect | None:
    """Book, and answer with the visit; or say at the form what is wrong, and give nothing."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    slot = times.slot(data["slot"])
    assert slot is not None  # the form offered it
    wish = Booking(choice.person, slot, data["request"], data["reason"])
    try:
        visit = actions.book(wish, by=request.actor, now=request.now)
    except RefusalError as error:
        if error.refusal.code == "bad-input":
            raise Http404 from error  # a form sent for somebody who is not theirs
        form.refuse(error.refusal.code)
        return None
    drafts.forget(request.actor.user, request.path)
    messages.success(request, says("约好了。", "Booked."))
    return redirect("visit", visit=visit.id)
