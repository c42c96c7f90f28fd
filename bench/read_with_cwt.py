"""Reads an HCERT with `cwt`, in the peers' environment: {"text", "spki", "kid"} in, its claims out."""

import base64
import json
import sys
import zlib

import base45
import cwt
from cryptography.hazmat.primitives import serialization


def main() -> None:
    given = json.load(sys.stdin)
    public = serialization.load_der_public_key(base64.b64decode(given["spki"]))
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = cwt.COSEKey.from_pem(pem, kid=base64.b64decode(given["kid"]), alg="ES256")
    envelope = zlib.decompress(base45.b45decode(given["text"].removeprefix("HC1:")))
    json.dump(cwt.decode(envelope, key), sys.stdout)


if __name__ == "__main__":
    main()
