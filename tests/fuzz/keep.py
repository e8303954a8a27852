"""Leaves in the kept corpus what reaches code that the seeds do not: `python tests/fuzz/keep.py TARGET FOLDER...`.

The folders hold candidates. What an input reaches are the calls that it makes, each from a line to a function. The file
that reaches most for its size is taken first. Files with a name in words were found once, and stay.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FrameType

import fuzz_seeds as seeds
from fuzzed import TARGETS

Calls = frozenset[tuple[CodeType, int, CodeType]]
"""Who called, from which line, whom."""
_HASH = re.compile(r"[0-9a-f]{16,40}")


def calls(run: Callable[[bytes], None], data: bytes) -> Calls:
    """The calls within svc that an input leads to."""
    found: set[tuple[CodeType, int, CodeType]] = set()

    def heard(frame: FrameType, _event: str, _argument: object) -> None:
        caller = frame.f_back
        if caller is not None and "/svc/" in frame.f_code.co_filename:
            found.add((caller.f_code, caller.f_lineno, frame.f_code))

    sys.settrace(heard)
    try:
        run(data)
    finally:
        sys.settrace(None)
    return frozenset(found)


def chosen(reached: Mapping[bytes, Calls], known: set[tuple[CodeType, int, CodeType]]) -> Iterator[bytes]:
    """The inputs of a corpus that stays small, the most telling first."""
    left, count, size = dict(reached), 0, 0
    while left and count < seeds.FILES:
        best = max(left, key=lambda data: (len(left[data] - known) / (len(data) + 200), data))
        new = left.pop(best) - known
        if not new:
            return
        if size + len(best) <= seeds.BYTES:
            known |= new
            count, size = count + 1, size + len(best)
            yield best


def main() -> None:
    target, folders = sys.argv[1], [Path(one) for one in sys.argv[2:]]
    run, kept = TARGETS[target], list(seeds.kept(target))
    named = [one.read_bytes() for one in kept if not _HASH.fullmatch(one.name)]
    known = {call for data in (*seeds.of(target), *named) for call in calls(run, data)}
    files = [*kept, *(file for folder in folders for file in sorted(folder.glob("*")))]
    texts = {data for file in files if file.is_file() and len(data := file.read_bytes()) <= seeds.LIMIT}
    reached = {data: calls(run, data) for data in sorted(texts - set(named))}
    for file in kept:
        if _HASH.fullmatch(file.name):
            file.unlink()
    made = list(chosen(reached, known))
    for data in made:
        file = seeds.CORPUS / target / hashlib.sha256(data).hexdigest()[:16]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    sys.stdout.write(
        f"fuzz: {target}, {len(made)} of {len(reached)} are kept beside {len(named)} that were found once\n"
    )


if __name__ == "__main__":
    main()
