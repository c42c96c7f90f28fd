"""A place's own decisions as its region signs them, in one step."""

from collections.abc import Iterable

from huxin.kernel.crypto import PrivateKey
from huxin.trust.federation.policy import LocalPolicy, draft_policy, sign_policy


def write_policy(policy: LocalPolicy, keys: Iterable[PrivateKey]) -> bytes:
    """Return the policy in an envelope that these keys of the region signed."""
    return sign_policy(draft_policy(policy), keys)
