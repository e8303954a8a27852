"""The two judges of an object: the Python checks, and the API server's own library with the policies exported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from judges import real
from svc import tools
from svc.checks import bound
from svc.checks.kubernetes.api_removed import REMOVED
from svc.checks.kubernetes.cel.types import RESOURCES
from svc.diagnostics import Severity
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.policy.admission import Exported, export
from svc.policy.params import bind
from svc.policy.types import Policy, Settings
from svc.tree import Tree

API = {
    "Pod": "v1",
    "PodTemplate": "v1",
    "ReplicationController": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}


def wrapped(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A pod spec in the object of a kind."""
    made: dict[str, Any] = {"apiVersion": API.get(kind, "apps/v1"), "kind": kind, "metadata": {"name": "example"}}
    node = made
    for part in POD_TEMPLATES[kind][:-1]:
        node = node.setdefault(str(part), {})
    node[str(POD_TEMPLATES[kind][-1])] = spec
    return made


def exported(policies: Iterable[Policy], kubernetes: int = 37) -> Exported:
    """All of them, whatever their profile and severity."""
    policies = tuple(policies)
    severities: dict[str, Severity | None] = {one.id: Severity.ERROR for one in policies}
    return export(policies, Settings("strict", severities, kubernetes))


def could_be_stored(data: dict[str, Any]) -> bool:
    """Kinds that policies are asked about; the API refuses workloads without containers before it asks."""
    route = POD_TEMPLATES.get(data["kind"])
    if data["kind"] not in RESOURCES and data["kind"] not in {kind for _, kind in REMOVED}:
        return False
    return route is None or bool(Tree(data).get(*route, "containers"))


class Judges:
    """Both judges of the same objects."""

    def __init__(self, folder: Path, policies: Sequence[Policy], kubernetes: int = 37) -> None:
        made = exported(policies, kubernetes)
        self.names = {one["metadata"]["name"].removeprefix("svc-") for one in made.policies}
        self.checks = [
            (one.id, bound(one.check).single, bind(one.check, one.params, kubernetes))
            for one in policies
            if one.id in self.names
        ]
        self.kubernetes = kubernetes
        self.file = folder / f"policies-{kubernetes}.json"
        self.file.write_text(json.dumps(made.policies), "utf-8")

    def ours(self, data: dict[str, Any]) -> set[str]:
        manifest = Manifest(Tree(data))
        return {name for name, check, params in self.checks if any(True for _ in check(manifest, params))}

    def cluster(self, objects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        lines = "".join(json.dumps(one) + "\n" for one in objects)
        options = ["-kubernetes", f"1.{self.kubernetes}", str(self.file)]
        done = tools.run(real.located("celjudge"), options, stdin=lines)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def differences(
        self, objects: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any]] = ()
    ) -> list[tuple[str, dict[str, Any]]]:
        """What one judge finds and the other does not. What the API cannot read has no verdict."""
        found = []
        for data, answer in zip(objects, answers or self.cluster(objects), strict=True):
            if "error" in answer:
                assert answer["error"].startswith("object: "), (answer, data)
                continue
            denied = {name.removeprefix("svc-") for name in answer["denied"]}
            ours = self.ours(data)
            if could_be_stored(data) and denied != ours:
                found.append((f"cluster {sorted(denied - ours)}, svc {sorted(ours - denied)}", data))
        return found
