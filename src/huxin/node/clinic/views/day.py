"""The clinic's pages: the day's list, one visit, the steps of the queue, the record."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.clinic.visits import State
from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.local_day import local_day
from huxin.node.base.pack_form import PackForm
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.clinic.actions import times as time_actions
from huxin.node.clinic.actions import visits as actions
from huxin.node.clinic.queries import times, visits
from huxin.node.clinic.queries.said import said_of
from huxin.node.clinic.words import KIND_WORDS, STATE_WORDS, STEP_WORDS
from huxin.packs import reader
from huxin.packs.reader import Pack, Words
from huxin.spec import CODES

__all__ = ["clinic_day", "open_times", "record", "step", "visit", "warn"]

# Where the general words of the register would speak of a file or a form.
_TOLD = {
    "exists": Words(
        "刚才有人记过或更正过，这次没有改。请看现在记的。",
        "Somebody recorded or corrected it a moment ago; nothing was changed now. Please look at what it says.",
    ),
    "bad-input": Words(
        "和现在记的一样，没有要更正的。",
        "Nothing differs from what is recorded; there is nothing to correct.",
    ),
}
_STEPS = (State.SEEN, State.ARRIVED, State.BOOKED, State.MISSED)
# How far from today a list can be asked for: to finish and to put right, not to look through the years.
_BACK: Final = timedelta(days=366)
_AHEAD: Final = timedelta(days=31)


@allow(Permission.VISIT)
@require_GET
def clinic_day(request: NodeRequest) -> HttpResponse:
    """Show who is in the room, who waits, who is to come; `?day=` shows another day."""
    today = local_day(request.now)
    day = _day(request.GET.get("day") or today.isoformat(), today)
    if day is None:
        messages.warning(
            request,
            says(
                "没有这一天的名单：日子写成 2026-11-23 的样子，一年以内。这里是今天的。",
                "There is no list of that day: write it as 2026-11-23, within a year. This is today's.",
            ),
        )
        return redirect("clinic-day")
    found = visits.day_list(by=request.actor, now=request.now, day=day)
    shown = {
        "current": [_row(request, one) for one in found.now],
        "waiting": [_row(request, one) for one in found.waiting],
        "booked": [_row(request, one) for one in found.booked],
        "done": [_row(request, one) for one in found.done],
        "earlier": [_row(request, one) for one in found.earlier],
        "place": times.organisation(request.actor.staff().organisation),
        "day": day,
        "is_today": day == today,
        "before": _day((day - timedelta(days=1)).isoformat(), today),
        "after": _day((day + timedelta(days=1)).isoformat(), today),
    }
    return render(request, "clinic/day.html", shown)


def _day(text: str, today: date) -> date | None:
    """Return the day that a text names, or nothing where there is no list of it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if today - _BACK <= day <= today + _AHEAD else None


def _list_of(day: date | None, today: date) -> str:
    """Return the address of a day's list; today's has no day in it, so that it stays today's."""
    if day is None or day == today:
        return reverse("clinic-day")
    return f"{reverse('clinic-day')}?{urlencode({'day': day.isoformat()})}"


def _row(request: NodeRequest, found: Any) -> dict[str, Any]:
    steps = visits.steps_for(found, by=request.actor, now=request.now)
    return {
        "visit": found,
        "kind": KIND_WORDS[found.slot.kind],
        "state": STATE_WORDS[found.at],
        "steps": [(one.value, STEP_WORDS[one]) for one in _STEPS if one in steps],
        "may_record": found.at is State.SEEN and visits.staffs(found, request.actor),
    }


@allow(Permission.VISIT)
@require_POST
def open_times(request: NodeRequest) -> HttpResponse:
    """Open the next two weeks by the clinic's hours; hours that say no single range open nothing."""
    place = times.organisation(request.actor.staff().organisation)
    try:
        opening = time_actions.usual_opening(place)
    except RefusalError:
        messages.warning(
            request,
            says(
                "开放时间“{hours}”里读不出一段时刻，没有放号。请运维在“机构”里写成 周一至周五 8:30–17:00 的样子。",
                "No single range can be read in the hours “{hours}”; nothing was opened. Please have the operator write them "
                "like Mon–Fri 8:30–17:00, under Organisations.",
                hours=place.hours,
            ),
        )
        return redirect("clinic-day")
    count = time_actions.open_times(place, opening, by=request.actor, now=request.now)
    told = {"n": count, "hours": f"{opening.begins:%H:%M}–{opening.ends:%H:%M}"}
    messages.success(
        request,
        says("开放了 {n} 个新号源：周一至周五 {hours}。", "Opened {n} new times: Mon–Fri {hours}.", **told)
        if count
        else says("往后两周已经开放过了：周一至周五 {hours}。", "The next two weeks are open already: Mon–Fri {hours}.", **told),
    )  # fmt: skip
    return redirect("clinic-day")


def _found(request: NodeRequest, visit: uuid.UUID) -> Any:
    found = visits.visit_for(visit, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    return found


@allow(Permission.SHOW_OWN, Permission.VISIT)
@require_GET
def visit(request: NodeRequest, visit: uuid.UUID) -> HttpResponse:
    """Show one visit, to the person, to whoever acts for them, to its clinic."""
    found = _found(request, visit)
    steps = visits.steps_for(found, by=request.actor, now=request.now)
    said = said_of(found, by=request.actor, now=request.now)
    is_staff = visits.staffs(found, request.actor)
    today = local_day(request.now)
    shown = _row(request, found) | {
        "may_cancel": State.CANCELLED in steps,
        "is_staff": is_staff,
        # Why somebody comes is read by the clinic, and by whoever wrote it.
        "reason": found.reason if is_staff or found.booked_by == request.actor.user else "",
        "is_own": request.actor.owns(found.person_id),
        "said": said,
        "list": _list_of(_day(local_day(found.slot.starts).isoformat(), today), today),
    }
    return render(request, "clinic/visit.html", shown)


@allow(Permission.SHOW_OWN, Permission.VISIT)
@require_POST
def step(request: NodeRequest, visit: uuid.UUID) -> HttpResponse:
    """Move a visit on: arrived, called, missed, cancelled."""
    _found(request, visit)
    try:
        moved = actions.take_step(
            visit, _state(request.POST.get("to", "")), by=request.actor, now=request.now
        )
        messages.success(
            request, says(STATE_WORDS[moved.at].zh + "。", STATE_WORDS[moved.at].en + ".")
        )
    except RefusalError as error:
        warn(request, error)
    if request.POST.get("back") == "day" and request.actor.may(Permission.VISIT):
        today = local_day(request.now)
        return redirect(_list_of(_day(request.POST.get("day", ""), today), today))
    return redirect("visit", visit=visit)


def _state(text: str) -> State:
    try:
        return State(text)
    except ValueError as error:
        raise RefusalError("state", "no such step") from error


def warn(request: NodeRequest, error: RefusalError) -> None:
    """Say above the page why something was not done, in the words of the register."""
    told = _TOLD.get(error.refusal.code)
    if told is None:
        row = CODES[error.refusal.code]
        told = Words(row.text["zh"] + row.next["zh"], f"{row.text['en']} {row.next['en']}")
    messages.warning(request, says(told.zh, told.en))


@allow(Permission.VISIT)
@require_http_methods(["GET", "POST"])
def record(request: NodeRequest, visit: uuid.UUID) -> HttpResponse:
    """Record what was done, on the pack's form; the card follows by itself."""
    found = _found(request, visit)
    if not visits.staffs(found, request.actor):
        raise Http404
    asked = _asked(request)
    packs = [reader.pack(one) for one in reader.pack_ids()]
    packs = [one for one in packs if one.kind == found.slot.kind]
    pack = next((one for one in packs if one.id == asked.get("pack")), packs[0])
    if found.at is not State.SEEN and request.method == "GET":
        return redirect("visit", visit=visit)
    form = _form(request, found, pack, asked)
    if request.method == "POST" and form.is_valid():
        done = _record(request, found, form)
        if done is not None:
            return done
    shown = {
        "visit": found,
        "pack": pack,
        "packs": packs,
        "form": form,
        "kind": KIND_WORDS[found.slot.kind],
    }
    return render(request, "clinic/record.html", shown)


def _asked(request: NodeRequest) -> dict[str, str]:
    if request.method == "POST":
        return {name: str(value) for name, value in request.POST.items()}
    return {**drafts.kept(request.actor.user, request.path), **request.GET.dict()}


def _form(request: NodeRequest, found: Any, pack: Pack, asked: dict[str, str]) -> PackForm:
    zone = settings.HUXIN.time_zone
    # Who they are is known, and what is recorded was done on the day on which they were seen.
    seen = (found.seen_at or request.now).astimezone(zone).date()
    known = {**visits.person_of(found), "date": seen.isoformat()}
    place = found.slot.organisation.name_zh
    return PackForm(
        pack,
        asked if request.method == "POST" else None,
        known=known,
        today=request.now.astimezone(zone).date(),
        initial={"centre": place, "office": place, **asked},
    )


def _record(request: NodeRequest, found: Any, form: PackForm) -> HttpResponse | None:
    assert form.entry is not None
    try:
        actions.record(found.id, form.entry, form.cells, by=request.actor, now=request.now)
    except RefusalError as error:
        warn(request, error)
    else:
        drafts.forget(request.actor.user, request.path)
        messages.success(
            request, says("记好了，卡随后就签发。", "Recorded; the card is being issued.")
        )
    return redirect("visit", visit=found.id)
