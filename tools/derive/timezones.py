"""Derives schemas/github/timezones.json, the names that the IANA time zone database knows, from its `tzdata.zi`.

python tools/derive/timezones.py /usr/share/zoneinfo/tzdata.zi schemas/github/timezones.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ABOUT = "Zones and links of the IANA time zone database (public domain), release {}"


def derive(text: str) -> dict[str, object]:
    lines = [line.split() for line in text.splitlines()]
    names = [line[1] for line in lines if line[:1] == ["Z"]] + [line[2] for line in lines if line[:1] == ["L"]]
    return {"about": ABOUT.format(lines[0][2]), "names": sorted(set(names))}


if __name__ == "__main__":
    made = derive(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(f"{json.dumps(made, indent=0)}\n", encoding="utf-8")
