"""The checking page: show, judge, next person.  Open to anybody; keeps counts, nothing else.

A code comes by POST and is answered at once: nothing of it in an address, a session, a table or a
log, and the answer stays in no cache.  Another card of the same person brings the earlier ones
along, in the form that the browser holds.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.faces import VerdictFace, Way
from huxin.node.base.limits import takes
from huxin.node.trust.forms.check import MOST_BYTES, CheckForm
from huxin.node.trust.queries import checking
from huxin.node.trust.views import check_session as session
from huxin.node.trust.views.check_face import face_of, face_of_fault, kind_of
from huxin.packs.reader import Words

__all__ = ["check", "check_help_card", "check_no_code", "check_reset", "check_setup"]

_WAYS: Final = (
    Way(
        Words("看别的证件或纸质证", "Look at a paper or another document"),
        Words("核对姓名、出生年、到哪一天有效", "Compare name, year of birth, and until when it is valid"),
        Words("看过，请进", "Seen, come in"),
        "",
        post=True,
        value="paper",
    ),
    Way(
        Words("陪同到窗口补打", "Walk along to a desk"),
        Words(
            "任何证件，或由认识的人陪同；一分钟打好",
            "With any document, or somebody who knows them; printed in a minute",
        ),
        Words("带过去了", "Walked along"),
        "",
        post=True,
        value="desk",
    ),
    Way(
        Words("走人工通道", "Use the staffed lane"),
        Words("负责人当面决定并署名，不让人在门外等", "Whoever is in charge decides and signs; nobody waits outside"),
        Words("走人工通道了", "Passed on"),
        "",
        post=True,
        value="staffed",
    ),
)  # fmt: skip


@takes(MOST_BYTES)
@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: NodeRequest) -> HttpResponse:
    """Ask for a code; judge what was handed in."""
    if request.method != "POST":
        return _ask(request, CheckForm(), status=200)
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        if "frame" in request.FILES and form.codes_of_faults == {"picture"}:
            return HttpResponse(status=204)  # a frame of the camera without a code in it
        return _ask(request, form, status=413 if "too-big" in form.codes_of_faults else 422)
    return _answer(request, form.cleaned_data["codes"], str(request.POST.get("counted", "")))


def _ask(request: NodeRequest, form: CheckForm, *, status: int) -> HttpResponse:
    purposes = session.purposes(request)
    asked = session.purpose(request, purposes)
    page = {
        "form": form,
        "shown": form.shown,
        "counts": session.counts_words(request),
        "place": session.place(request),
        "places": session.PLACES,
        "purposes": purposes,
        "asked": asked,
        "asked_words": purposes[asked],
    }
    return render(request, "trust/check.html", page, status=status)


def _answer(request: NodeRequest, codes: list[str], counted: str) -> HttpResponse:
    place = session.place(request)
    try:
        verdict = checking.judge(codes, now=request.now, purpose=session.purpose(request) or None)
    except RefusalError as error:
        if error.refusal.code == "too-big":
            return _ask(request, CheckForm.refused(error.refusal), status=413)
        session.count(request, "unk", instead_of=counted)
        face = face_of_fault(error.refusal, place=place, counts=session.counts_words(request))
        return _verdict(request, face, {"kind": "unk", "code": error.refusal.code})
    kind = kind_of(verdict)
    session.count(request, kind, instead_of=counted)
    face = face_of(verdict, now=request.now, place=place, counts=session.counts_words(request))
    page = {
        "kind": kind,
        "code": verdict.code,
        "specimen": verdict.specimen,
        "codes": codes if len(codes) < checking.MOST_CODES else [],
        "more_open": verdict.outcome == "cross-check" or verdict.code == "chunks",
    }
    return _verdict(request, face, page)


def _verdict(request: NodeRequest, face: VerdictFace, page: dict[str, Any]) -> HttpResponse:
    page |= {"face": face, "asked": session.purpose(request), "more": CheckForm(auto_id="more_%s")}
    action = render_to_string("trust/check_foot.html", page, request)
    return render(request, "trust/check_verdict.html", page | {"action": action})


@public
@require_POST
def check_setup(request: NodeRequest) -> HttpResponse:
    """Choose once at what kind of place this is."""
    session.choose(
        request, str(request.POST.get("place", "")), str(request.POST.get("purpose", ""))
    )
    return redirect("check")


@public
@require_POST
def check_reset(request: NodeRequest) -> HttpResponse:
    """Begin counting anew."""
    session.reset(request)
    return redirect("check")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check_no_code(request: NodeRequest) -> HttpResponse:
    """Say what to do for a person without phone or paper; count that it was done."""
    if request.method == "POST":
        if request.POST.get("way") in {way.value for way in _WAYS}:
            session.count(request, "no-code")
            return redirect(f"{request.path}?done=1")
        return redirect(request.path)
    done = request.GET.get("done") == "1"
    page = {
        "ways": _WAYS,
        "desks": checking.desks(),
        "counts": session.counts_words(request),
        "done": done,
    }
    return render(request, "trust/check_no_code.html", page)


@public
@require_safe
def check_help_card(request: NodeRequest) -> HttpResponse:
    """Show the card that hangs at the gate, to print."""
    return render(request, "trust/check_help_card.html", {"ways": _WAYS, "desks": checking.desks()})
