"""The operator's pages of who works here, and where.

A first password is in the answer to the form that made it and nowhere else: not in a session, not in
an address.  So that answer is a page, where other forms redirect; sent twice, the form says that
the account exists, or that the password was shown already.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import accounts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.models import User
from huxin.node.base.permissions import ROLE_WORDS, Permission, Role
from huxin.node.base.staff_forms import AccountForm, HoursForm, OrganisationForm, RoleForm
from huxin.node.base.words import says

__all__ = ["account", "new_account", "organisations", "staff"]

_FORM: Final = ["GET", "HEAD", "POST"]
_SHOWN: Final = "huxin_password_shown"


def _line(user: User) -> dict[str, Any]:
    grants = list(user.grants.all())
    return {
        "who": user,
        "roles": [ROLE_WORDS[Role(one.role)] for one in grants],
        "places": {one.organisation for one in grants if one.organisation is not None},
    }


@allow(Permission.OPERATE)
@require_http_methods(["GET", "HEAD"])
def staff(request: NodeRequest) -> HttpResponse:
    """List the accounts of the staff; those that are closed stand last."""
    lines = [_line(one) for one in accounts.listing()]
    shown = {
        "open": [one for one in lines if one["who"].is_active],
        "closed": [one for one in lines if not one["who"].is_active],
        "places": accounts.organisations(),
    }
    return render(request, "base/staff.html", shown)


@fresh
@allow(Permission.OPERATE)
@require_http_methods(_FORM)
def new_account(request: NodeRequest) -> HttpResponse:
    """Make an account for somebody of the staff, and show its first password, once."""
    places = accounts.organisations()
    form = AccountForm(places, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "base/staff_new.html", {"form": form})
    place = next(one for one in places if one.id == form.place())
    try:
        user, password = accounts.create(
            form.cleaned_data["username"],
            form.wanted(),
            shown=form.cleaned_data["shown"],
            place=place,
            by=request.actor,
            now=request.now,
        )
    except RefusalError as error:
        form.add_error("username", _why(error))
        return render(request, "base/staff_new.html", {"form": form}, status=409)
    return render(request, "base/staff_password.html", {"who": user, "password": password})


def _why(error: RefusalError) -> str:
    if error.refusal.code == "exists":
        return says("这个账号名已经有了，请换一个", "This account name is taken; choose another")
    return says("这一项不对", "This is not right")


@fresh
@allow(Permission.OPERATE)
@require_http_methods(_FORM)
def account(request: NodeRequest, account: uuid.UUID) -> HttpResponse:
    """Show an account; give and take roles, give it a new password, or close it."""
    user = accounts.staff_account(account)
    if user is None:
        raise Http404
    own = user.id == request.actor.user
    wish = request.POST.get("do", "") if request.method == "POST" and user.is_active else ""
    if wish == "password" and not own:
        return _new_password(request, user)
    if wish == "close":
        return _close(request, user)
    held = [Role(one.role) for one in user.grants.all()]
    form = RoleForm(held, request.POST if wish == "give" else None)
    if wish == "take" or form.is_valid():
        return _change_role(request, user, wish)
    shown = _line(user) | {"own": own, "once": uuid.uuid4(), "asked": wish == "ask", "form": form}
    shown |= {"takes": [(one.value, ROLE_WORDS[one]) for one in held if one in accounts.STAFF]}
    return render(request, "base/staff_account.html", shown)


def _change_role(request: NodeRequest, user: User, wish: str) -> HttpResponse:
    try:
        role = Role(request.POST.get("role", ""))
        change = accounts.give_role if wish == "give" else accounts.take_role
        change(user.id, role, by=request.actor, now=request.now)
    except (ValueError, RefusalError):
        text = says(
            "没有改：自己的角色要由另一位运维来改；最后一个角色不收回，请关闭账号。",
            "Nothing was changed: your own roles are changed by another operator; "
            "the last role is not taken away, the account is closed instead.",
        )
        messages.info(request, text)
        return redirect("staff-account", account=user.id)
    words = ROLE_WORDS[role]
    if wish == "give":
        text = says(
            "已给角色：{role}。下一次点击就生效。",
            "Given: {role}. It counts from the next click.",
            role=says(words.zh, words.en),
        )
    else:
        text = says(
            "已收回角色：{role}。下一次点击就生效。",
            "Taken away: {role}. It counts from the next click.",
            role=says(words.zh, words.en),
        )
    messages.success(request, text)
    return redirect("staff-account", account=user.id)


def _new_password(request: NodeRequest, user: User) -> HttpResponse:
    once = request.POST.get("request", "")[:36]
    if not once or request.session.get(_SHOWN) == once:
        text = says(
            "新密码已经显示过一次。没记下就再做一个。",
            "The new password was shown already. If it was not noted, make another.",
        )
        messages.info(request, text)
        return redirect("staff-account", account=user.id)
    password = accounts.reset_password(user.id, by=request.actor, now=request.now)
    request.session[_SHOWN] = once
    return render(request, "base/staff_password.html", {"who": user, "password": password})


def _close(request: NodeRequest, user: User) -> HttpResponse:
    try:
        accounts.close(user.id, by=request.actor, now=request.now)
    except RefusalError:
        text = says(
            "自己的账号要由另一位运维来关。", "Your own account is closed by another operator."
        )
        messages.info(request, text)
        return redirect("staff-account", account=user.id)
    text = says(
        "账号 {name} 已关闭，正在用的页面也已退出。",
        "The account {name} is closed, and signed out everywhere.",
        name=user.username,
    )
    messages.success(request, text)
    return redirect("staff")


@allow(Permission.OPERATE)
@require_http_methods(_FORM)
def organisations(request: NodeRequest) -> HttpResponse:
    """List the organisations; add one, or write other hours of one."""
    places, posted = accounts.organisations(), request.method == "POST"
    hours = HoursForm(places, request.POST if request.POST.get("do") == "hours" else None)
    form = OrganisationForm(request.POST if posted and not hours.is_bound else None)
    if hours.is_valid():
        new = hours.cleaned_data["hours"]
        accounts.change_hours(hours.chosen(), new, by=request.actor, now=request.now)
        messages.success(
            request,
            says("开放时间已改，已放的号不变。", "The hours are changed; times that are open stay as they are."),
        )  # fmt: skip
        return redirect("organisations")
    if form.is_valid() and _added(request, form):
        return redirect("organisations")
    shown = {"form": form, "hours": hours, "places": places}
    return render(request, "base/organisations.html", shown)


def _added(request: NodeRequest, form: OrganisationForm) -> bool:
    cells = form.cleaned_data
    try:
        accounts.add_organisation(
            cells["zh"], cells["en"], hours=cells["hours"], by=request.actor, now=request.now
        )
    except RefusalError:
        form.add_error("zh", says("已经有这个名字的机构", "An organisation of this name exists"))
        return False
    messages.success(request, says("已添加机构。", "The organisation is added."))
    return True
