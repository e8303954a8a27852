"""Writes the SBOM of a release (CycloneDX 1.6): the packages of the lock and the schemas of others that the wheel holds.

python tools/release/sbom.py dist

Made of files of the repository and the packages in `dist` alone: the same commit gives the same bytes anywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements/runtime.txt"
SPDX = re.compile(r"[A-Za-z0-9.+-]+")
BLOCK = re.compile(
    r"^([\w.-]+)==([^ ;\\]+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=.*\n)+)((?:    #.*\n)*)", re.MULTILINE
)


def bill(dist: Path) -> dict[str, Any]:
    made = sorted(dist.glob("svc_compiler-*"))
    lock = LOCK.read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (version,) = {re.split(r"-|\.tar|\.whl", path.name)[1] for path in made}
    own = f"pkg:pypi/{project['name']}@{version}"
    packages, data = list(_packages(lock)), list(_schemas())
    found: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            **({"timestamp": _moment(os.environ["SOURCE_DATE_EPOCH"])} if "SOURCE_DATE_EPOCH" in os.environ else {}),
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": version,
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
                "externalReferences": [_file(path.name, [_digest(path)]) for path in made],
            },
        },
        "components": [*packages, *data],
        "dependencies": _dependencies(lock, own, [one["bom-ref"] for one in data]),
    }
    return {**found, "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(found, sort_keys=True))}"}


def _moment(seconds: str) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file(url: str, hashes: list[str]) -> dict[str, Any]:
    """A package may be any of several files, one a platform: that is no hash of the component, but of what is fetched."""
    return {"type": "distribution", "url": url, "hashes": [{"alg": "SHA-256", "content": one} for one in hashes]}


def _packages(lock: str) -> Iterator[dict[str, Any]]:
    licences = tomllib.loads((LOCK.parent / "licences.toml").read_text("utf-8"))
    for name, version, marker, hashes, _ in BLOCK.findall(lock):
        purl = f"pkg:pypi/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "licenses": [{"license": {"id": licences[name]}}],
            "purl": purl,
            "externalReferences": [_file(purl, re.findall(r"sha256:([0-9a-f]{64})", hashes))],
            **({"properties": [{"name": "svc:installed-when", "value": marker}]} if marker else {}),
        }


def _schemas() -> Iterator[dict[str, Any]]:
    for one in yaml.safe_load((ROOT / "schemas/SOURCES.yaml").read_text("utf-8")):
        path = ROOT / "schemas" / one["path"]
        digest = (
            {"hashes": [{"alg": "SHA-256", "content": one["sha256"]}]}
            if path.is_file()
            else {"properties": [{"name": "svc:sha256-of-listing", "value": one["sha256"]}]}
        )
        licence = one["license"]
        yield {
            "type": "data",
            "bom-ref": f"schemas/{one['path']}",
            "name": f"schemas/{one['path']}",
            "description": f"From {one['source']}, by {one['by']}",
            "licenses": [{"license": {"id" if SPDX.fullmatch(licence) else "name": licence}}],
            **digest,
        }


def _dependencies(lock: str, own: str, data: list[str]) -> list[dict[str, Any]]:
    """Who needs whom, as the lock's `via` says."""
    references = {name: f"pkg:pypi/{name}@{version}" for name, version, *_ in BLOCK.findall(lock)}
    needs: dict[str, list[str]] = {own: list(data), **{one: [] for one in references.values()}}
    for name, *_, via in BLOCK.findall(lock):
        for who in re.findall(r"#(?: via)? +([\w.-]+)", via.replace("# via\n", "")):
            needs[references.get(who, own)].append(references[name])
    return [{"ref": one, "dependsOn": sorted(needs[one])} for one in sorted(needs)]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    text = json.dumps(bill(folder), indent=2, sort_keys=True, ensure_ascii=False)
    (folder / "svc.cdx.json").write_text(f"{text}\n", encoding="utf-8")
