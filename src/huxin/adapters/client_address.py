"""Addresses of whoever asks: read as servers write them, through servers of ours, grouped to be counted.

- of a list of hops the last address counts that is not one of ours: what stands before it, the
  client may have written itself;
- what cannot be read is not believed: the last address that could be read counts.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["Networks", "client_of", "group_of", "is_ours", "parse_networks"]

Networks = tuple[IPv4Network | IPv6Network, ...]
_Address = IPv4Address | IPv6Address

_MOST_HOPS: Final = 20
_A_HOUSEHOLD: Final = 64  # bits that all addresses of one household share


def parse_networks(text: str) -> Networks:
    """Read addresses and networks, separated by spaces or commas; refuses with `bad-input`."""
    found = []
    for one in text.replace(",", " ").split():
        try:
            found.append(ip_network(one, strict=False))
        except ValueError as error:
            raise RefusalError("bad-input", f"HUXIN_TRUSTED_PROXIES: {one[:40]}") from error
    return tuple(found)


def client_of(peer: str, forwarded: str, trusted: Networks) -> str:
    """Return the address of whoever asks: `peer`, or what it says if it is one of ours."""
    last = peer
    hops = reversed(forwarded.split(",")[-_MOST_HOPS:])
    while is_ours(last, trusted):
        address = _read(next(hops, ""))
        if address is None:
            break
        last = str(address)
    return last


def group_of(address: str) -> str:
    """Return what requests are counted by: an address, of IPv6 the network that a household has."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _A_HOUSEHOLD), strict=False))
    return str(found or address)


def _read(text: str) -> _Address | None:
    """Read an address as servers write it: with a port, in brackets, an IPv4 one inside of IPv6."""
    plain = text.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ip_address(plain)
    except ValueError:
        return None
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return inner or found


def is_ours(text: str, trusted: Networks) -> bool:
    """Tell whether an address is that of a server of ours."""
    address = _read(text)
    return address is not None and any(address in one for one in trusted)
