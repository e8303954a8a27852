"""Where the modules of svc are found: beside each other, without a search.

The usual import looks through every way in which there may be a module, and through the folder again for every name;
of a run that loads six hundred modules that was an eighth. Here the compiled form of a module is taken if it is of the
source as it stands, at its place. In every other case (none yet, an older one, one by the hash of its source, one of a
package that was moved, no file at all) the usual import does what it does.
"""

from __future__ import annotations

import os
import sys
from importlib._bootstrap_external import MAGIC_NUMBER
from importlib.machinery import ModuleSpec, SourceFileLoader
from marshal import loads
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

_HEAD = MAGIC_NUMBER + bytes(4)
"""What the compiled form of a source begins with that is known by its time and size: PEP 552."""
_COMPILED = f".{sys.implementation.cache_tag}.pyc"


class _Loader(SourceFileLoader):
    """The usual one, which reads the compiled form at once where it is known to be the right one."""

    def __init__(self, name: str, source: str, compiled: str, seen: os.stat_result) -> None:
        super().__init__(name, source)
        self._compiled, self._seen = compiled, seen

    def get_code(self, fullname: str) -> CodeType | None:
        try:
            with open(self._compiled, "rb", 0) as file:  # noqa: PTH123 - a start imports no more than it needs
                text = file.read()
        except OSError:
            return super().get_code(fullname)
        known = (int(self._seen.st_mtime), self._seen.st_size)
        if text[:16] != _HEAD + b"".join((one & 0xFFFFFFFF).to_bytes(4, "little") for one in known):
            return super().get_code(fullname)
        code: CodeType = loads(memoryview(text)[16:])  # noqa: S302 - of the interpreter, as in the usual one
        return code if code.co_filename == self.path else super().get_code(fullname)


class _Finder:
    """Finds a module of svc in the folder of its package, and nothing else."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        del target
        if not path or not name.startswith("svc."):
            return None
        folder, stem = path[0], name[name.rfind(".") + 1 :]
        source = f"{folder}{os.sep}{stem}.py"
        try:
            seen = os.stat(source)  # noqa: PTH116 - a start imports no more than it needs
        except OSError:
            return None
        compiled = f"{folder}{os.sep}__pycache__{os.sep}{stem}{_COMPILED}"
        spec = ModuleSpec(name, _Loader(name, source, compiled, seen), origin=source)
        spec.has_location, spec.cached = True, compiled
        return spec


def find() -> None:
    """From here on, where compiled forms lie where they usually do."""
    if sys.pycache_prefix is None and not sys.flags.optimize and sys.implementation.cache_tag:
        sys.meta_path.insert(0, _Finder)
