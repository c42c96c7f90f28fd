"""What no table, page or address of the node may be: unsealed, undeclared, open by accident, a colour."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from huxin.node.base.access import access_of
from huxin.node.base.privacy import PERSONAL, PLAIN, SENSITIVE, TOKEN
from huxin.node.base.sealed import SealedText

OWN = [
    model
    for config in apps.get_app_configs()
    if config.name.startswith("huxin.")
    for model in config.get_models()
]
# Words for what a person may not be given: a colour, a level, a verdict, a score, a place in time.
FORBIDDEN = re.compile(
    r"colou?r|verdict|outcome|risk|score|level|green|amber|yellow|(?:^|_)red(?:_|$)|location|latitude|"
    r"longitude|itinerary|trace|whereabouts",
    re.IGNORECASE,
)


def addresses(patterns: list[Any], before: str = "") -> list[tuple[str, str, Any]]:
    """(route, name, view) of every address, libraries' included."""
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            found.append((before + str(one.pattern), one.name or "", one.callback))
    return found


ADDRESSES = addresses(get_resolver().url_patterns)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_every_field_says_what_it_is(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    assert set(model.privacy) == fields
    assert set(model.privacy.values()) <= {PERSONAL, SENSITIVE, TOKEN, PLAIN}


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_what_is_personal_is_sealed(model):
    for name, kind in model.privacy.items():
        field = model._meta.get_field(name)
        sealed = isinstance(field, SealedText)
        assert sealed == (kind in (PERSONAL, SENSITIVE)), f"{name} is {kind}"
        if kind == TOKEN:
            assert isinstance(field, models.BinaryField), name


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_no_table_holds_a_colour_or_a_verdict(model):
    names = [model._meta.object_name, *model.privacy]
    assert [name for name in names if FORBIDDEN.search(name)] == []


def test_no_address_holds_a_colour_or_a_verdict():
    assert [route for route, _, _ in ADDRESSES if FORBIDDEN.search(route)] == []


@pytest.mark.parametrize(("route", "name", "view"), ADDRESSES, ids=[one[0] for one in ADDRESSES])
def test_every_page_says_who_may_open_it(route, name, view):
    assert access_of(view) is not None, f"{route} is open to nobody: mark {view.__name__}"


def test_every_address_of_ours_has_a_name():
    assert [route for route, name, _ in ADDRESSES if not name] == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    "name", ["403.html", "404.html", "405.html", "413.html", "429.html", "500.html"]
)
def test_there_is_a_page_for_what_goes_wrong(name):
    assert get_template(name)


def test_templates_hold_no_script_and_no_style(root):
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=|javascript:"
    )
    found = {
        str(path.relative_to(root)): match[0]
        for path in (root / "src/huxin/node").rglob("*.html")
        if (match := inline.search(path.read_text("utf-8")))
    }
    assert found == {}


def test_templates_name_no_third_party(root):
    hosts = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
    found = [
        str(path.relative_to(root))
        for path in (root / "src/huxin/node").rglob("*.html")
        if hosts.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_only_the_audit_trail_itself_writes_its_rows(root):
    rows = re.compile(
        r"Audit(Entry|Link)\.objects\.(?!.*\b(create|bulk_create)\b).*\b(update|delete)\("
    )
    writers = {
        str(path.relative_to(root / "src/huxin/node"))
        for path in (root / "src/huxin/node").rglob("*.py")
        if rows.search(path.read_text("utf-8"))
    }
    assert writers == set()


def test_nothing_that_was_published_or_withdrawn_is_written_again(root):
    rows = re.compile(
        r"(StatusEdition|Revocation|PublishedRule)\.objects\b[^\n]*\.(update|delete|update_or_create|bulk_update)\("
    )
    writers = {
        str(path.relative_to(root / "src/huxin/node"))
        for path in (root / "src/huxin/node").rglob("*.py")
        if rows.search(path.read_text("utf-8"))
    }
    assert writers == set()
