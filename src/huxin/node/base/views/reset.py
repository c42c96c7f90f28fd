"""A forgotten password: type the code of a slip, and choose a new one; open to anybody, who holds a slip or not.

Between the pages the session keeps which slip was typed, for ten minutes; the code itself is kept
nowhere.  One answer to whatever does not open, so that nobody learns which codes or accounts exist.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import resets, sessions
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import admit_slip
from huxin.node.base.models import ResetSlip
from huxin.node.base.slip_forms import NewPasswordForm, SlipForm
from huxin.node.base.slips import MOST_TRIES
from huxin.node.base.words import says

__all__ = ["reset", "reset_password"]

_TYPED: Final = "reset-typed"
_WITHIN: Final = timedelta(minutes=10)
_PAGES: Final = ["GET", "HEAD", "POST"]


@public
@require_http_methods(_PAGES)
def reset(request: NodeRequest) -> HttpResponse:
    """Say where a slip comes from, and ask for its code and the year of birth."""
    if request.actor.user is not None or request.method != "POST":
        return _page(request, SlipForm())
    form = SlipForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if not admit_slip(request):
        answer = _page(request, form, told="often", status=429)
        answer["Retry-After"] = "60"
        return answer
    told = form.cleaned_data
    slip = resets.try_reset(told["code"], told["year"], now=request.now)
    if slip is None:
        return _page(request, form, told="no", status=400)
    request.session[_TYPED] = {
        "slip": str(slip),
        "until": (request.now + _WITHIN).timestamp(),
    }
    return redirect("reset-password")


def _page(
    request: NodeRequest, form: SlipForm, *, told: str = "", status: int = 200
) -> HttpResponse:
    shown = {"form": form, "told": told, "most": MOST_TRIES}
    return render(request, "base/reset.html", shown, status=status)


def _typed(request: NodeRequest) -> ResetSlip | None:
    """Return the slip that was typed in this browser a moment ago, if it is still good."""
    typed: Any = request.session.get(_TYPED)
    if request.actor.user is not None or not typed:
        return None
    if request.now.timestamp() >= typed["until"]:
        return None
    return resets.open_reset(uuid.UUID(typed["slip"]), now=request.now)


@public
@require_http_methods(_PAGES)
def reset_password(request: NodeRequest) -> HttpResponse:
    """Ask for the new password, and set it."""
    slip = _typed(request)
    if slip is None:
        return redirect("reset")
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "base/reset_password.html", {"form": form, "slip": slip})
    try:
        user = resets.use_reset(slip.id, form.cleaned_data["password"], now=request.now)
    except RefusalError:
        user = None
    if user is None:
        return redirect("reset")
    request.session.pop(_TYPED, None)
    if resets.has_keys(user):
        text = says(
            "新密码设好了，别处都已退出。请用它登录，再用您的第二道钥匙。",
            "The new password is set, and all other places are signed out. Sign in with it, and with your second key.",
        )
        messages.success(request, text)
        return redirect("account_login")
    sessions.begin(request, user, request.now)
    text = says(
        "新密码设好了，您已登录，别处都已退出。单子用完了，可以丢掉。",
        "The new password is set and you are signed in; all other places are signed out. The slip is used up; throw it away.",
    )
    messages.success(request, text)
    return redirect("home")
