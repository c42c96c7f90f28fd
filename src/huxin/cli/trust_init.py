"""`huxin trust init`: a region's federation keys and the statement with which it joins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from huxin.adapters import federation_party, key_file
from huxin.adapters.sealed_document import check_passphrase
from huxin.cli import speech
from huxin.cli.options import (
    EXISTING_FILE,
    ask_passphrase,
    environment_option,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.cli.trust_files import FOLDER, at_option, moment
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.trust.ceremony.statement import LEAST_OFFICERS, fingerprint
from huxin.trust.federation.region_keys import RegionKeys, SigningKey

__all__ = ["init", "signing_keys"]

_EPILOG: Final = """\b
Examples 例:
  huxin trust init qv --region QV --name-zh 青屿 --name-en "Reed Isles"
  huxin trust init qv --region QV --name-zh 青屿 --name-en "Reed Isles" --signs qv.key --officers 4

\b
Exit status 退出码: 0 made 已生成 · 1 refused, nothing written 有问题，什么都没写
"""


@click.command("init", epilog=_EPILOG, short_help="A region's keys and statement. 建区域密钥")
@click.argument("folder", type=FOLDER)
@click.option("--region", required=True, help="The region, such as QV.")
@click.option("--name-zh", required=True, help="Its name in Chinese.")
@click.option("--name-en", required=True, help="Its name in English.")
@click.option(
    "--officers",
    type=click.IntRange(LEAST_OFFICERS, 20),
    default=LEAST_OFFICERS,
    show_default=True,
    help="How many officers may sign what the region publishes; two do.",
)
@click.option(
    "--signs",
    type=EXISTING_FILE,
    multiple=True,
    help="File of a key that signs cards (huxin keys new); its public half is listed.",
)
@environment_option
@passphrase_option
@at_option
@json_option
@language_option
def init(  # noqa: PLR0913  # one parameter for each option of the command
    folder: Path,
    region: str,
    name_zh: str,
    name_en: str,
    officers: int,
    signs: tuple[Path, ...],
    environment: str,
    passphrase_file: Path | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Make the federation keys of a region in FOLDER, and the statement with which it founds or joins.

    Five kinds of key, each in a file of its own for one person to keep: root, charter, emergency, witness and the
    officers'. The statement holds public keys only.

    为一个区域生成联盟密钥（根、章程、紧急、见证、各位签字员），各存一个文件，各交一人；声明只含公钥。
    """
    now, code = moment(at), parse_region(region)
    signing = RegionKeys(code, environment, signing_keys(signs, code, environment))
    if folder.exists() and any(folder.iterdir()):
        raise RefusalError("exists", folder.name)
    passphrase = ask_passphrase("ask-federation-passphrase-new", passphrase_file, new=True)
    check_passphrase(passphrase, environment)
    names = {"zh": name_zh, "en": name_en}
    made = federation_party.make(code, names, signing, now=now, officers=officers)
    path = federation_party.write(folder, made, passphrase)
    written = made.written
    if as_json:
        files = sorted(one.name for one in folder.iterdir())
        speech.print_json({"statement": path.name, "fingerprint": fingerprint(written), "files": files})  # fmt: skip
        return
    words = speech.current()
    speech.console().print(words.say("federation-keys-made", region=code, path=path))
    speech.console().print(words.say("proposal-name", name=fingerprint(written)))


def signing_keys(paths: Sequence[Path], region: str, environment: str) -> tuple[SigningKey, ...]:
    """Return the public halves of key files as the list carries them; refuses with `bad-input` those of others."""
    found: list[SigningKey] = []
    for path in paths:
        key = key_file.read(path).description
        if (key.region, key.environment) != (region, environment):
            raise RefusalError("bad-input", f"{path.name}: of another region or environment")
        found += federation_party.listed(key)
    return tuple(found)
