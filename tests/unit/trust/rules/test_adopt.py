"""A region takes over the rules of a pack."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.trust.rules.adopt import adopt, documents

START = datetime(2026, 12, 1, tzinfo=UTC)
YEAR: dict[str, Any] = {
    "region": "QV",
    "published": START - timedelta(days=3),
    "valid_from": START,
    "valid_until": START + timedelta(days=365, seconds=-1),
}


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_a_region_gives_itself_and_the_dates_and_nothing_else(pack):
    templates = reader.templates(pack)
    book = adopt(pack, **YEAR)
    assert len(book.rules) == len(templates.rules) > 0
    for rule, template in zip(book.rules, templates.rules, strict=True):
        assert (rule.region, rule.published) == ("QV", YEAR["published"])
        assert (rule.valid_from, rule.valid_until) == (START, YEAR["valid_until"])
        same = {name: one for name, one in template.items() if name != "outbreak"}
        assert rule.document.items() >= same.items()
        assert (rule.outbreak is not None) is ("outbreak" in template)
        assert rule.effect == reader.pack(pack).effect
    assert book.purposes() == set(templates.purposes())
    assert book.value_sets == {name: list(one) for name, one in templates.value_sets.items()}


def test_documents_are_what_a_file_of_rules_holds():
    first, *_ = documents("icvp", **YEAR)
    assert first["valid_until"] == "2027-11-30T23:59:59Z"
    assert first["format"] == "huxin-rule/1"


def test_an_outbreak_is_declared_by_the_region():
    (by_itself,) = adopt("measles-outbreak", **YEAR).rules
    assert by_itself.outbreak is not None
    assert by_itself.outbreak.declared == YEAR["published"].date()
    assert by_itself.outbreak.remote_lessons["en"]
    (rule,) = adopt("measles-outbreak", **YEAR, declared=date(2026, 11, 20)).rules
    assert rule.outbreak is not None
    assert rule.outbreak.declared == date(2026, 11, 20)


def test_dates_that_are_none_and_a_pack_that_is_none():
    with pytest.raises(RefusalError, match="rule-dates"):
        adopt("icvp", **YEAR | {"valid_until": START})
    with pytest.raises(KeyError):
        adopt("water", **YEAR)
