"""What is fuzzed: each entry takes any bytes and must return; it raises only when svc has a bug.

The inputs are files as `svc` meets them, so a crash here is a crash for somebody. Those of several files hold them one
after the other (`fuzz_folders`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import fuzz_gate as gate
import fuzz_lint as lint
import fuzz_specs as specs
from fuzz_places import placed, source
from svc.parse import parse
from svc.source import Source

Target = Callable[[bytes], None]


def documents(data: bytes) -> None:
    """YAML and JSON, as data and spans."""
    text = source("any.yaml", data)
    if isinstance(text, Source):
        placed(parse(text).problems, {text.name: text})


TARGETS: Mapping[str, Target] = {
    "action": lint.linted("action.yml"),
    "baseline": gate.baseline,
    "chart": lint.folder,
    "compose": lint.linted("compose.yaml"),
    "cue": specs.cue,
    "dependabot": lint.linted(".github/dependabot.yml"),
    "detect": specs.detect,
    "dockerfile": lint.linted("Dockerfile"),
    "documents": documents,
    "edited": specs.edited,
    "folder": lint.folder,
    "import-compose": specs.imported("compose", "compose.yaml"),
    "import-kubernetes": specs.imported("kubernetes", "manifests.yaml"),
    "import-score": specs.imported("score", "score.yaml"),
    "kustomization": lint.linted("kustomization.yaml"),
    "manifest": lint.linted("manifest.yaml"),
    "overrides": specs.overrides,
    "policy": gate.policy,
    "printed": lint.printed,
    "spec": specs.spec,
    "terraform": lint.linted("main.tf"),
    "terraform-json": lint.linted("main.tf.json"),
    "waivers": gate.waivers,
    "workflow": lint.linted(".github/workflows/ci.yaml"),
    "workspace": specs.workspace,
}
