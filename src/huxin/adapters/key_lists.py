"""Lists of keys in files, ours and those of others, as they stand there: to look at, not to believe."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from huxin.adapters import intake, trust_file
from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.did_list import is_did_list, parse_did_list
from huxin.trust.federation.listed import Listed, listed_anchor

__all__ = ["MAX_FILE", "parse", "read"]

MAX_FILE: Final = 64_000_000


def read(path: Path) -> tuple[Listed, ...]:
    """Read a Huxin trust file or a DID document; refuses with `key-file`, a faulty trust file with all faults."""
    try:
        data = intake.read(path, limit=MAX_FILE)
    except RefusalError as error:
        raise RefusalError("key-file", error.refusal.detail) from error
    return parse(data)


def parse(data: bytes) -> tuple[Listed, ...]:
    """Read the bytes of such a file; see `read`."""
    if len(data) > MAX_FILE:
        raise RefusalError("key-file", f"larger than {MAX_FILE} bytes")
    document = strict_json.parse(data, code="key-file")
    if is_did_list(document):
        return parse_did_list(document)
    anchors = trust_file.parse(data).anchors
    return tuple(listed_anchor(anchor, f"/keys/{number}") for number, anchor in enumerate(anchors))
