"""The peers' figures, taken in an environment of their own: cases in on stdin, ratios out on stdout.

Each peer does what its users would write with it: from the text of a card to its claims, with
the signature checked.  The bare operation is timed in the same rounds, so that the figures of two
processes can be compared as ratios of ratios.
"""

import base64
import io
import json
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import base45
import cbor2
import cwt
import jwt
import segno
import zxingcpp
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from jwcrypto import jwk, jws
from measure import smallest
from pycose.keys import EC2Key
from pycose.messages import CoseMessage

HASH = ec.ECDSA(hashes.SHA256())
CASES = json.load(sys.stdin)
PUBLIC = serialization.load_der_public_key(base64.b64decode(CASES["spki"]))
PRIVATE = serialization.load_der_private_key(base64.b64decode(CASES["pkcs8"]), None)
assert isinstance(PUBLIC, ec.EllipticCurvePublicKey)
assert isinstance(PRIVATE, ec.EllipticCurvePrivateKey)
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)


def envelope() -> bytes:
    return zlib.decompress(base45.b45decode(CASES["hcert"][4:]))


def bare() -> Callable[[], None]:
    _, _, payload, signature = cbor2.loads(envelope()).value
    half = len(signature) // 2
    der = encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
    protected = cbor2.loads(envelope()).value[0]
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    return lambda: PUBLIC.verify(der, signed, HASH)


def with_cwt() -> object:
    return cwt.decode(envelope(), CWT_KEY)


def with_pycose() -> object:
    message = CoseMessage.decode(envelope())
    message.key = COSE_KEY
    assert message.verify_signature()
    return cbor2.loads(message.payload)


def compact() -> str:
    """Undo the digits the way the specification's own examples do."""
    digits = CASES["health_card"][5:]
    return "".join(chr(int(digits[at : at + 2]) + 45) for at in range(0, len(digits), 2))


def with_pyjwt() -> object:
    payload = jwt.PyJWS().decode(compact(), JWT_KEY, algorithms=["ES256"])
    return json.loads(zlib.decompress(payload, -15))


def with_jwcrypto() -> object:
    token = jws.JWS()
    token.deserialize(compact(), JWCRYPTO_KEY)
    return json.loads(zlib.decompress(token.payload, -15))


def issue_with_cwt() -> str:
    text = cwt.encode(CLAIMS, CWT_SIGNING_KEY)
    return "HC1:" + base45.b45encode(zlib.compress(text, 9)).decode()


def picture_with_segno() -> bytes:
    out = io.BytesIO()
    segno.make_qr(CASES["picture_text"], error="m").save(out, kind="png", scale=4)
    return out.getvalue()


def modules_with_segno() -> object:
    return segno.make_qr(CASES["picture_text"], error="m").matrix


def modules_with_zxing() -> object:
    text = CASES["picture_text"]
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return symbol.to_image(scale=1)


def read_with_zxing() -> object:
    """Find the code in an image that is already in memory, without opening a picture file."""
    (found,) = zxingcpp.read_barcodes(IMAGE, formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.text == CASES["picture_text"]
    return found


IMAGE = zxingcpp.create_barcode(
    CASES["picture_text"], zxingcpp.BarcodeFormat.QRCode, ec_level="M"
).to_image(scale=4)
CWT_KEY = cwt.COSEKey.from_jwk(CASES["jwk"] | {"kid": base64.b64decode(CASES["kid"]), "key_ops": ["verify"]})  # fmt: skip
CWT_SIGNING_KEY = cwt.COSEKey.from_pem(PEM, kid=base64.b64decode(CASES["kid"]), alg="ES256")
COSE_KEY = EC2Key(
    crv="P_256",
    x=base64.urlsafe_b64decode(CASES["jwk"]["x"] + "="),
    y=base64.urlsafe_b64decode(CASES["jwk"]["y"] + "="),
)
JWT_KEY = jwt.PyJWK(CASES["jwk"]).key
JWCRYPTO_KEY = jwk.JWK(**CASES["jwk"])
CLAIMS = cbor2.loads(cbor2.loads(envelope()).value[2])


def ratios(times: dict[str, float]) -> dict[str, dict[str, float]]:
    """Return ratios by row and peer, from times named `row peer`."""
    unit = times.pop("bare")
    result: dict[str, dict[str, float]] = {}
    for name, time in times.items():
        row, _, peer = name.partition(" ")
        result.setdefault(row, {})[peer] = time / unit
    return result


def main() -> None:
    verifying = smallest(
        {
            "bare": bare(),
            "dcc-verify cwt": with_cwt,
            "dcc-verify pycose": with_pycose,
            "base45-decode base45": lambda: base45.b45decode(CASES["hcert"][4:]),
            "health-card-verify PyJWT": with_pyjwt,
            "health-card-verify jwcrypto": with_jwcrypto,
            "picture-read zxing": read_with_zxing,
        }
    )
    issuing = smallest(
        {
            "bare": lambda: PRIVATE.sign(b"x" * 300, HASH),
            "issue-dcc cwt": issue_with_cwt,
            "qr-png segno": picture_with_segno,
            "qr-modules segno": modules_with_segno,
            "qr-modules zxing": modules_with_zxing,
        }
    )
    json.dump(ratios(verifying) | ratios(issuing), sys.stdout)


if __name__ == "__main__":
    main()
