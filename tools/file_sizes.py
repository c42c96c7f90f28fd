"""Says which files have grown past 500 lines, and fails if there is one: python -m tools.file_sizes

A file that long holds two things. Split it by noun.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

LIMIT = 500
FOLDERS = ("src", "tests", "tools", "bench", "spec", "verifier")
SUFFIXES = {".py", ".js", ".mjs", ".css", ".html", ".sh"}


def _is_ours(path: Path) -> bool:
    """Whether a file is of our writing: hidden folders and node_modules hold other people's."""
    return not any(part.startswith(".") or part == "node_modules" for part in path.parts)


def too_long(root: Path) -> Iterator[tuple[Path, int]]:
    """The code files below `root` with more than LIMIT lines, and how many they have."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and _is_ours(path.relative_to(root)):
                lines = len(path.read_bytes().splitlines())
                if lines > LIMIT:
                    yield path.relative_to(root), lines


def main() -> int:
    found = list(too_long(Path.cwd()))
    for path, lines in found:
        print(f"{path}: {lines} lines, at most {LIMIT}; split it by noun")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
