"""Judges an SBOM by CycloneDX's published schema: python tools/release/check_sbom.py dist/svc.cdx.json"""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if __name__ == "__main__":
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(sys.argv[1]).read_text("utf-8"))
    sys.exit(None if problem is None else f"{sys.argv[1]}: {problem}")
