"""Whoever signs status sets in tests: a key under a name, whose signatures are always the same."""

from dataclasses import dataclass

from huxin.kernel.crypto import PrivateKey


@dataclass(frozen=True)
class SetSigner:
    key: PrivateKey
    kid: bytes

    @property
    def algorithm(self) -> str:
        return self.key.public.algorithm

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, deterministic=True)
