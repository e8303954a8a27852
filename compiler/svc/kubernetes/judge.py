"""kubeconform over rendered manifests, for every Kubernetes minor that outputs are made for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from svc import tools
from svc.asking import ask, version_of
from svc.hands import at_once
from svc.judgement import Fault, Judgement
from svc.kubernetes import schema

NAME = "kubeconform"


def judge(root: Path, paths: Sequence[str], box: tools.Toolbox, skipped: Sequence[str] = ()) -> tuple[Judgement, ...]:
    """One judgement per minor about the files (relative to `root`); a missing program is a skip, never a pass.

    `skipped` are kinds without a schema, as `group/version/Kind`.
    """
    try:
        located = tools.find(NAME, box)
    except tools.ToolMissing as missing:
        return (Judgement(NAME, "", skipped=str(missing)),)
    version = version_of(located)
    pieces = [partial(_faults, located, root, paths, minor, skipped) for minor in schema.MINORS]
    found = at_once(pieces, len(pieces))
    return tuple(Judgement(f"{NAME} {minor}", version, one) for minor, one in zip(schema.MINORS, found, strict=True))


def _faults(
    located: tools.Located, root: Path, paths: Sequence[str], minor: str, skipped: Sequence[str]
) -> tuple[Fault, ...]:
    if not paths:
        return ()
    base = schema.folder()
    args = [
        "-strict",
        "-output",
        "json",
        "-kubernetes-version",
        f"{minor}.0",
        "-schema-location",
        f"{base / minor}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
        "-schema-location",
        f"{base / schema.CUSTOM}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
        *(["-skip", ",".join(skipped)] if skipped else []),
        *paths,
    ]
    files = [root / path for path in paths]
    timeout = tools.DEFAULT_TIMEOUT + len(paths)
    return ask(located, args, (0, 1), read=_resources, place=root, files=files, timeout=timeout)


def _resources(done: tools.Completed) -> tuple[Fault, ...]:
    resources = json.loads(done.stdout)["resources"]
    if bool(resources) != bool(done.returncode):
        raise ValueError(f"exit code {done.returncode} does not go with {len(resources)} resources")
    return tuple(_fault(one) for one in resources)


def _fault(resource: dict[str, str]) -> Fault:
    what = " ".join(part for part in (resource.get("kind"), resource.get("name")) if part)
    return Fault(NAME, resource["filename"], 0, f"{what}: {resource['msg']}")
