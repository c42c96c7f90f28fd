"""How large a body a page takes: a million bytes, or as large a file as its form promises."""

import inspect
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from huxin.node.base import limits
from huxin.node.base.ids import new_id


def views(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern)
        else:
            yield pattern.callback


PAGES = {
    "check": 20, "journey": 20, "radar": 20, "list-take": 16, "notice-new": 10, "notice-edit": 10,
    "proposals": 20, "sheet-new": 2,
}  # fmt: skip


@pytest.mark.parametrize(("name", "megabytes"), PAGES.items(), ids=PAGES)
def test_a_file_as_large_as_promised_reaches_the_page_and_a_larger_one_does_not(
    db, name, megabytes
):
    path = reverse(name, args=[new_id()] if name == "notice-edit" else [])

    def sent(size):
        file = SimpleUploadedFile("x.bin", b"x" * size)
        return door(RequestFactory().post(path, {"file": file})).status_code

    door = limits.LimitsMiddleware(lambda _: HttpResponse(status=204))
    assert sent(megabytes * 1_000_000) == 204
    assert sent((megabytes + 2) * 1_000_000) == 413


def test_every_page_that_takes_files_says_how_large_they_may_be():
    marked = {view.__module__ for view in views() if hasattr(view, limits._TAKES)}
    reads = {
        view.__module__
        for view in views()
        if "request.FILES" in inspect.getsource(sys.modules[view.__module__])
    }
    assert marked == reads
    assert len(reads) >= 7


def test_what_no_page_is_takes_little(db):
    assert Client().post("/nothing/here", {"x": "x" * 1_100_000}).status_code == 413
    odd = Client().generic("POST", "/check", b"", headers={"content-length": "9" * 5000})
    assert odd.status_code == 413
