"""Where a region says that its status sets are: read strictly, since a node goes where it says."""

import json

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.status_lists import (
    MOST_BYTES,
    MOST_LISTS,
    is_on_this_machine,
    parse_status_lists,
)

ONE = "https://node.example.org/status/1"


def written(*uris, **changes):
    lists = [{"uri": one} for one in uris]
    return json.dumps({"huxin": "status", "v": 1, "lists": lists} | changes).encode()


@pytest.mark.parametrize(
    "uri",
    [
        ONE,
        "https://node.example.org:8443/status/12",
        "https://xn--fiq228c.example/a/b~c/1",
        "http://localhost:8000/status/1",
        "http://127.0.0.1:8000/status/1",
    ],
)
def test_addresses_that_sets_are_fetched_from(uri):
    assert parse_status_lists(written(uri)) == (uri,)
    assert is_on_this_machine(uri) == uri.startswith("http:")


def test_a_region_may_have_no_list_and_many():
    assert parse_status_lists(written()) == ()
    many = [f"https://node.example.org/status/{number}" for number in range(MOST_LISTS)]
    assert parse_status_lists(written(*many)) == tuple(many)
    with pytest.raises(RefusalError, match="trust-file"):
        parse_status_lists(written(*many, ONE + "0000"))


@pytest.mark.parametrize(
    "uri",
    [
        "http://node.example.org/status/1",
        "https://node/status/1",
        "https://10.0.0.5/status/1",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/status/1",
        "https://0x7f.1/status/1",
        "https://[::1]/status/1",
        "https://127.0.0.1/status/1",
        "http://127.0.0.2/status/1",
        "http://localhost.example.org/status/1",
        "https://user@node.example.org/status/1",
        "https://node.example.org",
        "https://node.example.org/",
        "https://node.example.org/status/1/",
        "https://node.example.org/status/../admin",
        "https://node.example.org/status/%2e%2e",
        "https://node.example.org/status/1?x=1",
        "https://node.example.org/status/1#x",
        "https://node.example.org/status/1\nHost: x",
        "https://node.example.org\\@x/status/1",
        "https://Node.example.org/status/1",
        "https://node.example.org:123456/status/1",
        "file:///etc/passwd",
        "ftp://node.example.org/status/1",
        "https://节点.example.org/status/1",
        ONE + "1" * 300,
    ],
)
def test_addresses_that_nobody_goes_to(uri):
    with pytest.raises(RefusalError, match="trust-file"):
        parse_status_lists(written(uri))
    assert not is_on_this_machine(uri)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        written(ONE, huxin="keys"),
        written(ONE, v=2),
        written(ONE, more=1),
        written(ONE, ONE),
        written(lists={}),
        written(lists=[ONE]),
        written(lists=[{"uri": 1}]),
        written(lists=[{"uri": ONE, "key": "x"}]),
        written(ONE)[:-1] + b', "v": 1}',
        written(ONE) + b" " * MOST_BYTES,
    ],
)
def test_what_is_no_such_document(data):
    with pytest.raises(RefusalError):
        parse_status_lists(data)
