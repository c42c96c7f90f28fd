"""Makes the peers' environment (`bench/.peers`) from `bench/peers.lock`, once for each lock.

python -m bench.install_peers
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / ".peers"
LOCK = HERE / "peers.lock"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "lock.sha256"


class PeersMissingError(Exception):
    """The peers could not be installed; says why in one sentence."""


def is_installed() -> bool:
    """Tell whether the environment is there, and of this lock."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return STAMP.is_file() and STAMP.read_text("ascii") == wanted


def install() -> Path:
    """Return the peers' Python, after installing what the lock names."""
    if is_installed():
        return PYTHON
    venv.create(FOLDER, with_pip=True, clear=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--require-hashes", "-r", LOCK], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise PeersMissingError(f"the peers could not be installed: {last}")
    STAMP.write_text(hashlib.sha256(LOCK.read_bytes()).hexdigest(), "ascii")
    return PYTHON


def main() -> int:
    print("Installing other people's readers from bench/peers.lock …", file=sys.stderr)
    try:
        install()
    except PeersMissingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
