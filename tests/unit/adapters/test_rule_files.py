"""Files of rules, read together: what of two of them cannot both hold is refused."""

import json

import pytest

from huxin.adapters.rule_files import read_book
from huxin.kernel.errors import RefusalError
from tests.lib import rules


def test_a_value_set_that_stands_twice_says_the_same_or_is_refused(tmp_path):
    for region, codes in (("QV", ["1"]), ("QW", ["1"]), ("QX", ["2"])):
        one = rules.document(region=region, id=f"{region}-SCHOOL-1")
        content = json.dumps({"rules": [one], "valueSets": {"doses": codes}})
        (tmp_path / f"{region}.json").write_text(content)
    paths = [tmp_path / f"{region}.json" for region in ("QV", "QW", "QX")]
    assert read_book(*paths[:2]).value_sets == {"doses": ["1"]}
    with pytest.raises(RefusalError) as caught:
        read_book(*paths)
    assert caught.value.refusal.code == "rule-shape"
    assert "QX.json: value set doses" in caught.value.refusal.detail
