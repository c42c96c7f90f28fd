"""Practice cards: a genuine card's text with one digit changed, for demos, tutorials and drills.

What comes out is a forgery that any verifier refuses; it is made of specimens only.
"""

from __future__ import annotations

from huxin.kernel import cbor
from huxin.trust.credentials import cose, hcert
from huxin.trust.credentials.credential import Credential

__all__ = ["changed_text"]


def changed_text(credential: Credential) -> str:
    """Return the card's text with the last digit of its birth year another one, signature kept."""
    assert credential.facts is not None
    assert credential.facts.person.birth is not None
    assert credential.kid is not None
    birth = str(credential.facts.person.birth)
    year = int(birth[:4])
    other = f"{year + 1 if year % 10 == 0 else year - 1:04d}{birth[4:]}"
    # "b" is the birth date in an attestation; the same digits may stand elsewhere too.
    before, after = (cbor.dumps("b") + cbor.dumps(text) for text in (birth, other))
    payload = hcert.payload(credential.claims)
    assert payload.count(before) == 1
    protected = cose.protect(str(credential.algorithm), credential.kid)
    return hcert.seal(protected, payload.replace(before, after), credential.signature)
