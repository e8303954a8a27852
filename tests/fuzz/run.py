"""Coverage-guided fuzzing of one target, by atheris: `python tests/fuzz/run.py TARGET SEEDS [libFuzzer options]`.

SEEDS is a folder that grows with inputs that reach new code. A crash is left beside this file, in `corpus/TARGET`,
where `test_fuzz.py` runs it again from then on; give it a name in words, and commit it with the repair.

The target `every` is all of them in one process, for a short look: an input begins with a line that names its target.
"""

from __future__ import annotations

import hashlib
import sys
from itertools import islice
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

HERE = Path(__file__).parent
NAME = sys.argv[1]
sys.path.insert(0, str(HERE))

with atheris.instrument_imports(include=["svc"]):
    import fuzz_seeds
    from fuzz_mutate import mutated
    from fuzzed import TARGETS

    # What an input imports is watched as well: readers are imported when they are needed.
    for _name, _few in ((NAME, 12),) if NAME in TARGETS else ((one, 2) for one in TARGETS):
        for _file in islice(fuzz_seeds.kept(_name), _few):
            TARGETS[_name](_file.read_bytes())


def main() -> None:
    seeds, *options = sys.argv[2:]
    known = HERE / "corpus" / NAME
    limits = ["-timeout=20", "-rss_limit_mb=3000", f"-max_len={fuzz_seeds.LIMIT}", f"-artifact_prefix={known}/"]
    if NAME == fuzz_seeds.EVERY:
        limits[-1:] = [f"-artifact_prefix={seeds}/"]
        arguments = [sys.argv[0], *limits, *options, seeds]
    else:
        known.mkdir(parents=True, exist_ok=True)
        arguments = [sys.argv[0], *limits, *options, seeds, str(known)]
    atheris.Setup(arguments, TARGETS.get(NAME, _every), custom_mutator=_mutator)
    atheris.Fuzz()


def _every(data: bytes) -> None:
    name, _, rest = data.partition(b"\n")
    target = name.decode("ascii", "replace")
    if target not in TARGETS:
        return
    try:
        TARGETS[target](rest)
    except Exception:
        (HERE / "corpus" / target / f"crash-{hashlib.sha256(rest).hexdigest()[:16]}").write_bytes(rest)
        raise


def _mutator(data: bytes, most: int, seed: int) -> bytes:
    head = data[: data.find(b"\n") + 1] if NAME == fuzz_seeds.EVERY else b""
    return head + mutated(data[len(head) :], most - len(head), seed, atheris.Mutate)


if __name__ == "__main__":
    main()
