"""`huxin trust`: the list of keys that regions sign together, and lists of others."""

from __future__ import annotations

from typing import Final

import click

from huxin.cli.radar import radar
from huxin.cli.trust_init import init
from huxin.cli.trust_policy import policy
from huxin.cli.trust_propose import propose
from huxin.cli.trust_publish import bundle, import_, publish
from huxin.cli.trust_refresh import refresh
from huxin.cli.trust_review import diff, lint, status
from huxin.cli.trust_sign import sign, vote

__all__ = ["trust"]

_EPILOG: Final = """\b
A ceremony 一次仪式:
  huxin trust init qv --region QV --name-zh 青屿 --name-en "Reed Isles"
  huxin trust propose found qv/qv.statement.json … --charter charter.json --repository list --out found.json
  huxin trust diff found.json --repository list
  huxin trust sign found.json --key qv/qv-root.key --key qv/qv-charter.key --repository list
  huxin trust publish found.json --repository list --key qv/qv-witness.key

\b
At a door 门口:
  huxin trust refresh --from list --state door
"""


@click.group(epilog=_EPILOG, short_help="Trust lists. 信任清单")
def trust() -> None:
    """Change the list that regions sign together, step by step; every step is a file that fits a memory stick.

    共同的信任清单：提案、看改动、签名、发布；每一步都是一个文件，可用 U 盘传递。
    """


for _command in (
    init, propose, diff, lint, sign, vote, publish, refresh, bundle, status, radar, import_, policy,
):  # fmt: skip
    trust.add_command(_command)
