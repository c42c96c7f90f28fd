"""The federation keys of the demo's regions: a file each, as officers would keep them, and signing with them.

    keys/QV/qv-root.key …  keys/QY/qy.statement.json

- a key is unlocked when it is first asked for, and kept in this process, which is the supervisor's and no node's;
- files are sealed beside other work, since sealing each takes a fifth of a second on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from huxin.adapters import federation_key, federation_party
from huxin.adapters.federation_party import Made
from huxin.kernel.crypto import PrivateKey
from huxin.trust.ceremony.asked import asked, missing
from huxin.trust.ceremony.proposal import Proposal, sign_proposal
from huxin.trust.ceremony.statement import key_id, public_hex
from huxin.trust.federation.repository import Repository

__all__ = ["KeyRing"]


class KeyRing:
    """All federation keys of the demo; `path` is the folder in which each region has one."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._passphrase = passphrase
        self._unlocked: dict[Path, PrivateKey] = {}
        self._writing: list[Future[Path]] = []

    def folder(self, region: str) -> Path:
        """Return where a region's keys lie."""
        return self._path / region

    def statement(self, region: str) -> Path:
        """Return a region's statement; it is written last, so that its being there says that all keys are."""
        return self.folder(region) / f"{region.lower()}.statement.json"

    def keep(self, parties: Mapping[str, Made]) -> None:
        """Know these keys from now on, and write their files meanwhile; see `wait`."""
        pool = ThreadPoolExecutor(1)
        for region, made in parties.items():
            for name, key in made.keys.items():
                self._unlocked[federation_party.key_path(self.folder(region), region, name)] = key
            write = federation_party.write
            self._writing.append(pool.submit(write, self.folder(region), made, self._passphrase))
        pool.shutdown(wait=False)

    def wait(self) -> None:
        """Return when all files are written; refuses as writing them does."""
        writing, self._writing = self._writing, []
        for one in writing:
            one.result()

    def stop(self) -> None:
        """Begin no further file: the demo is about to end, and what is not whole is made anew."""
        for one in self._writing:
            one.cancel()

    def forget(self) -> None:
        """Know none of the keys any more: others will lie there."""
        self.wait()
        self._unlocked.clear()

    def sign(
        self,
        proposal: Proposal,
        before: Repository | None,
        regions: Iterable[str],
        *,
        everyone: bool = False,
    ) -> Proposal:
        """Sign with the keys of these regions what still lacks signatures; with `everyone` all that they are asked."""
        for region in regions:
            for path, public in self._publics(region):
                wanted = asked(proposal, before)
                if not everyone:
                    lacking = {one.role for one in missing(proposal, before) if one.lacking}
                    wanted = {role: sets for role, sets in wanted.items() if role in lacking}
                if any(key_id(public) in one.keys for sets in wanted.values() for one in sets):
                    proposal, _ = sign_proposal(proposal, self._private(path), wanted)
        return proposal

    def _publics(self, region: str) -> Iterator[tuple[Path, str]]:
        """Yield a region's keys, each with its public half."""
        folder = self.folder(region)
        known = {path: key for path, key in self._unlocked.items() if path.parent == folder}
        for path, key in known.items():
            yield path, public_hex(key.public)
        for path in sorted(folder.glob("*.key")):
            if path not in known:
                yield path, federation_key.read(path).public

    def _private(self, path: Path) -> PrivateKey:
        if path not in self._unlocked:
            self._unlocked[path] = federation_key.read(path).unlock(self._passphrase)
        return self._unlocked[path]
