"""Files that are the same for everybody: kept by a tag, packed for browsers that unpack.

All of it is public, so that its packed length tells nobody anything; pages that are about a person never pass here.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.http import Http404, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from huxin.adapters import verifier_folder
from huxin.node.base.actor import NodeRequest

__all__ = ["built_file", "public_file"]

# What is small already, such as the list and pictures, stays as it is.
_PACKED: Final = frozenset({"css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"})
_REFUSED: Final = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


def built_file(
    request: NodeRequest, folder: str, name: str, headers: Mapping[str, str]
) -> HttpResponse:
    """Answer with a file of a built folder, or that there is none of this name."""
    path = verifier_folder.built(folder).get(name)
    if path is None:
        raise Http404
    return public_file(request, name, _content(path, path.stat().st_mtime_ns), headers)


def public_file(
    request: NodeRequest, name: str, content: bytes, headers: Mapping[str, str]
) -> HttpResponse:
    """Answer with what anybody may have; a browser asks whether its copy is still the one."""
    packs = name.rpartition(".")[2] in _PACKED
    packed = packs and _takes_gzip(request.headers.get("Accept-Encoding", ""))
    # Packed or not, it is another answer.
    tag = f'"{sha256(content).hexdigest()[:32]}{"-gzip" if packed else ""}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        kind = verifier_folder.content_type(name)
        answer = HttpResponse(_packed(content) if packed else content, content_type=kind)
        if packed:
            answer["Content-Encoding"] = "gzip"
    for header, value in {**headers, "Cache-Control": "no-cache", "ETag": tag}.items():
        answer[header] = value
    if packs:
        patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _takes_gzip(accepted: str) -> bool:
    for one in accepted.split(","):
        coding, _, weight = one.partition(";")
        if coding.strip().lower() == "gzip":
            return weight.replace(" ", "").lower() not in _REFUSED
    return False


@lru_cache(maxsize=200)
def _content(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=100)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
