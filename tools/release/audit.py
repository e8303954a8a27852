"""Asks the package index whether a vulnerability is known in what the locks name.

python tools/release/audit.py requirements/runtime.txt requirements/release.txt

Exit codes: 0 everything was asked about and nothing is known · 1 something is known · 3 not everything could be asked
about, as without a network: that is no pass.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

ASK = (sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--disable-pip")


def asked(lock: str) -> tuple[list[dict[str, Any]], str]:
    """What is said of each package of a lock, and why there is no answer."""
    done = subprocess.run([*ASK, "--require-hashes", "-r", lock], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["no answer"])[-1]


def judged(lock: str, packages: Sequence[dict[str, Any]], trouble: str) -> tuple[int, list[str]]:
    """The exit code, and what is to be said."""
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    known = [(one, flaw) for one in packages for flaw in one.get("vulns", ())]
    lines = [
        f"{lock}: {one['name']} {one['version']}: {flaw['id']}"
        + (f"; repaired in {', '.join(flaw['fix_versions'])}" if flaw.get("fix_versions") else "; no repair is known")
        for one, flaw in known
    ]
    if trouble or not packages:
        lines.append(f"{lock}: NOT AUDITED: {trouble or 'it names no package'}")
    elif skipped:
        lines.append(
            f"{lock}: NOT AUDITED: {len(skipped)} of {len(packages)} unknown to the index: {', '.join(skipped)}"
        )
    elif not known:
        lines.append(f"{lock}: {len(packages)} packages, no known vulnerability")
    return (1 if known else 3 if trouble or skipped or not packages else 0), lines


def main(locks: Sequence[str]) -> int:
    codes = []
    for lock in locks:
        code, lines = judged(lock, *asked(lock))
        codes.append(code)
        print("\n".join(lines), flush=True)  # noqa: T201
    return 1 if 1 in codes else max(codes, default=3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
