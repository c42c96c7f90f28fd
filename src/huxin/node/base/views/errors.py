"""The pages for what went wrong: what happened, that nothing is lost, what to do next."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from huxin.node.base.access import public

__all__ = ["bad_request", "csrf_failure", "failed", "forbidden", "not_found"]


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not allowed."""
    return render(request, "403.html", status=403)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read as a request; mostly a form that is far too large."""
    large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return render(request, "413.html" if large else "400.html", status=413 if large else 400)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what does not exist, or is not theirs: nobody learns which."""
    return render(request, "404.html", status=404)


@public
def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; needs neither database nor context."""
    return HttpResponse(get_template("500.html").render(), status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: cookies are off, or the page is from elsewhere."""
    return render(request, "csrf.html", status=403)
