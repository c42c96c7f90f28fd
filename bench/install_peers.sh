#!/usr/bin/env bash
# Installs the readers of other people, to which our cards are shown and against which we are measured:
# Python's into bench/.peers, JavaScript's into bench/peers-js/node_modules. Asks nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-.venv/bin/python}
"$python" -m bench.install_peers

if command -v npm >/dev/null; then
  npm ci --prefix bench/peers-js --ignore-scripts --no-audit --no-fund --loglevel=error
else
  echo "npm is missing, so the JavaScript readers are not installed. On Debian: apt-get install nodejs npm" >&2
  exit 1
fi
