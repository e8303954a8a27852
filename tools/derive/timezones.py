"""Derives compiler/svc/model/zone_names.py, the names that the IANA time zone database knows, from the file `zones` of the
package tzdata; `Factory` is the zone of a machine that was never told its own.

python tools/derive/timezones.py .../tzdata/zones 2026.6 compiler/svc/model/zone_names.py
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

HEAD = '''"""Names of time zones: area -> its places; names without an area stand under the empty one.

Source: the file `zones` of the package tzdata {} (IANA time zone database, public domain), by tools/derive/timezones.py.
"""

from __future__ import annotations

ZONES = {{
'''


def derive(text: str, release: str) -> str:
    areas: dict[str, list[str]] = {}
    for name in sorted(set(text.split()) - {"Factory"}):
        area, _, place = name.rpartition("/") if name.count("/") < 2 else name.partition("/")
        areas.setdefault(area, []).append(place)
    parts = []
    for area, places in sorted(areas.items()):
        lines = textwrap.wrap(" ".join(places), 108, break_long_words=False, break_on_hyphens=False)
        parts.append(f'    "{area}": """\n' + "".join(f"        {line}\n" for line in lines) + '    """,\n')
    return HEAD.format(release) + "".join(parts) + "}\n"


if __name__ == "__main__":
    made = derive(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2])
    Path(sys.argv[3]).write_text(made, encoding="utf-8")
