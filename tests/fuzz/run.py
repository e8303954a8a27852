"""Coverage-guided fuzzing of one target, by atheris: `python tests/fuzz/run.py TARGET SEEDS [libFuzzer options]`.

SEEDS is a folder that grows with inputs that reach new code. A crash is left beside this file, in `corpus/TARGET`,
where `test_fuzz.py` runs it again from then on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

with atheris.instrument_imports(include=["svc"]):
    from fuzzed import TARGETS


def main() -> None:
    name, seeds, *options = sys.argv[1:]
    found = HERE / "corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    limits = ["-timeout=20", "-rss_limit_mb=3000", "-max_len=4096", f"-artifact_prefix={found}/"]
    atheris.Setup([sys.argv[0], *limits, *options, seeds, str(found)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
