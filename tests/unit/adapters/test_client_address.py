"""Who asks, through which servers; what cannot be read is not believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.adapters.client_address import client_of, group_of, is_ours, parse_networks
from huxin.kernel.errors import RefusalError

OURS = parse_networks("127.0.0.1, 10.0.0.0/8 ::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("127.0.0.1", "evil, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "203.0.113.7:51234", "203.0.113.7"),
        ("::1", "[2001:db8::7]:51234", "2001:db8::7"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", ""),
        ("unix:", "203.0.113.7", "unix:"),
    ],
    ids=[
        "one server", "what the client wrote itself", "two servers of ours", "nonsense before it",
        "a stranger", "no header", "nonsense last", "nonsense behind ours", "only ours",
        "with a port", "IPv6 in brackets", "IPv4 inside of IPv6", "no address", "no address at all",
    ],
)  # fmt: skip
def test_who_asks(peer, forwarded, client):
    assert client_of(peer, forwarded, OURS) == client


def test_where_none_are_listed_nobody_is_believed():
    assert client_of("127.0.0.1", "203.0.113.7", ()) == "127.0.0.1"
    assert not is_ours("127.0.0.1", ())


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_what_requests_are_counted_by(address, group):
    assert group_of(address) == group


@pytest.mark.parametrize("text", ["10.0.0.0/33", "proxy.example.org", "10.0.0.1;10.0.0.2"])
def test_a_list_that_is_none_is_refused(text):
    with pytest.raises(RefusalError, match="HUXIN_TRUSTED_PROXIES"):
        parse_networks(text)


@given(st.text(max_size=200), st.text(alphabet="0123456789.,:[] f", max_size=4_000))
def test_no_header_makes_it_fail_and_no_stranger_speaks_for_others(peer, forwarded):
    assert isinstance(client_of("127.0.0.1", forwarded, OURS), str)
    assert client_of(peer, forwarded, ()) == peer
    group_of(peer)
