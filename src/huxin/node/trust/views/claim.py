"""Claim slips: type the code, choose, and carry the cards; open to anybody, who holds a slip or not.

Between the pages the session keeps which slip was typed, for ten minutes; the code itself is kept
nowhere.  One answer to whatever does not open, so that nobody learns which codes exist.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base import sessions
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import admit_slip
from huxin.node.base.words import says
from huxin.node.trust.actions import claims
from huxin.node.trust.forms.claim import AccountForm, ClaimForm, KeepForm
from huxin.node.trust.queries.wallet import has_account, slip_owner

__all__ = ["choose", "claim", "end", "keep"]

_TYPED: Final = "claim-typed"
_CHOOSE_WITHIN: Final = timedelta(minutes=10)
_PAGES: Final = ["GET", "HEAD", "POST"]


@public
@require_http_methods(_PAGES)
def claim(request: NodeRequest) -> HttpResponse:
    """Ask for the code and the year of birth."""
    if request.actor.user is not None or request.method != "POST":
        return _claim_page(request, ClaimForm())
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, form)
    if not admit_slip(request):
        return _too_often(_claim_page(request, form, told="often", status=429))
    told = form.cleaned_data
    slip = claims.try_slip(told["code"], told["year"], now=request.now)
    if slip is None:
        return _claim_page(request, form, told="no", status=400)
    ends = (request.now + _CHOOSE_WITHIN).timestamp()
    request.session[_TYPED] = {"slip": str(slip), "until": ends}
    return redirect("claim-choose")


def _claim_page(
    request: NodeRequest, form: ClaimForm, *, told: str = "", status: int = 200
) -> HttpResponse:
    shown = {"form": form, "told": told, "most": claims.MOST_TRIES}
    return render(request, "trust/claim/claim.html", shown, status=status)


def _too_often(answer: HttpResponse) -> HttpResponse:
    answer["Retry-After"] = "60"
    return answer


def _typed(request: NodeRequest) -> uuid.UUID | None:
    """Return the slip that was typed in this browser a moment ago."""
    typed: Any = request.session.get(_TYPED)
    if request.actor.user is not None or not typed:
        return None
    return uuid.UUID(typed["slip"]) if request.now.timestamp() < typed["until"] else None


@public
@require_http_methods(_PAGES)
def choose(request: NodeRequest) -> HttpResponse:
    """Offer the two ways: show the cards here, or make an account; a post shows them here."""
    slip = _typed(request)
    owner = slip_owner(slip, now=request.now) if slip else None
    if slip is None or owner is None:
        return redirect("claim")
    if request.method != "POST":
        shown = {"owner": owner, "account": has_account(owner.id), "hours": _hours()}
        return render(request, "trust/claim/choose.html", shown)
    person = claims.open_here(slip, now=request.now)
    if person is None:
        return redirect("claim")
    request.session.pop(_TYPED, None)
    sessions.open_for(request, person, request.now)
    return redirect("wallet")


def _hours() -> int:
    return int(sessions.OPEN_FOR.total_seconds()) // 3600


@public
@require_http_methods(_PAGES)
def keep(request: NodeRequest) -> HttpResponse:
    """Make an account: with a slip typed a moment ago, or where a slip opened this browser before."""
    if request.actor.user is not None:
        return redirect("wallet")
    slip = _typed(request)
    guest = request.actor.person
    owner = slip_owner(slip, now=request.now) if slip else None
    if owner is None and guest is None:
        return redirect("claim")
    person = owner.id if owner else guest
    assert person is not None
    kind = AccountForm if owner else KeepForm
    form = kind(request.POST if request.method == "POST" else None)
    if has_account(person):
        return _keep_page(request, form, has=True)
    if request.method != "POST" or not form.is_valid():
        return _keep_page(request, form)
    if not admit_slip(request):
        return _too_often(_keep_page(request, form, told="often", status=429))
    return _made(request, form, slip if owner else None)


def _made(request: NodeRequest, form: AccountForm, slip: uuid.UUID | None) -> HttpResponse:
    told, now = form.cleaned_data, request.now
    name, word = told["username"], told["password"]
    try:
        if slip is not None:
            user = claims.make_account(slip, name, word, now=now)
        else:
            person = request.actor.person
            assert person is not None
            user = claims.keep_account(person, told["code"], name, word, now=now)
    except RefusalError:
        form.taken()
        return _keep_page(request, form, status=409)
    if user is None:
        return _keep_page(request, form, told="no", status=400)
    sessions.begin(request, user, now)
    messages.success(
        request,
        says("账号建好了，您已登录。领取单用完了，可以丢掉。",
             "Your account is made and you are signed in. The slip is used up; throw it away."),
    )  # fmt: skip
    return redirect("wallet")


def _keep_page(
    request: NodeRequest, form: AccountForm, *, told: str = "", has: bool = False, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "told": told, "has": has, "asks_code": isinstance(form, KeepForm)}
    return render(request, "trust/claim/keep.html", shown, status=status)


@public
@require_POST
def end(request: NodeRequest) -> HttpResponse:
    """Put away what a slip opened in this browser."""
    if request.actor.user is None:
        sessions.close(request)
    messages.success(
        request,
        says("已收起，这个浏览器里没有卡了。", "Put away; no card is left in this browser."),
    )
    return redirect("home")
