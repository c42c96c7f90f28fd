"""What every part stands on: refusals, instants, identifiers, CBOR, JWS and the door to cryptography."""
