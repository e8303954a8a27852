"""What a new policy starts from: the example of a built-in policy over the same check, or one in CUE."""

from __future__ import annotations

import re

from svc.checks import CHECKS
from svc.suggest import nearest

_REGISTRY = """\
title: Image comes from another registry than ours
severity: error                  # error | warning | info
surface: kubernetes
check: image_registry
profiles: [baseline, recommended, strict]
params: {allowed: [registry.example.com]}
why: Images that nobody scanned or mirrored run beside the data.
help: Push the image to registry.example.com, and name it from there.
since: "1"
pass:
  - containers: [{name: web, image: registry.example.com/web:1}]
fail:
  - input:
      containers: [{name: web, image: docker.io/web:1}]
    at: [[containers, 0, image]]
"""
_CUE_YAML = """\
title: Deployment has no team label
severity: error                  # error | warning | info
surface: {surface}
check: cue                       # the decision is {name}.cue beside this file
profiles: [recommended, strict]  # baseline | recommended | strict; all that it belongs to
why: Say what goes wrong without it.
help: Say what to write instead.
since: "1"
pass:
{good}
fail:
{bad}
"""
_GOOD = """\
  - kind: Deployment
    apiVersion: apps/v1
    metadata: {name: web, labels: {team: shop}}"""
_BAD = """\
  - input:
      kind: Deployment
      apiVersion: apps/v1
      metadata: {name: web, labels: {app: web}}
    at: [[metadata, labels]]"""
_CUE = """\
package policy

#Policy: {
	// What is judged, as plain data.
	input: {kind?: string, metadata?: {labels?: {...}, ...}, ...}

	// What is wrong: the route of each fault in the input, and a message.
	violations: [
		if input.kind == "Deployment" if input.metadata.labels.team == _|_ {
			{at: ["metadata", "labels"], message: "the label `team` is missing"}
		},
	]
}
"""


class NoSuchStart(ValueError):
    """There is nothing to start from; the message says what there is."""


def start(name: str, check: str, surface: str) -> dict[str, str]:
    """Texts by suffix (`.yaml`, `.cue`) of a policy that loads and passes its own examples."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise NoSuchStart(f"`{name}` is not a policy id: lower-case words joined by `-`, such as team-label-missing")
    if check == "cue":
        if surface != "kubernetes":
            raise NoSuchStart("a policy in CUE starts as one of surface kubernetes; change `surface` in its file")
        return {".yaml": _CUE_YAML.format(name=name, surface=surface, good=_GOOD, bad=_BAD), ".cue": _CUE}
    return {".yaml": _REGISTRY if check == "image_registry" else _over(check)}


def _over(check: str) -> str:
    """The first built-in policy over a check, as it is written, without its aliases."""
    from svc import assets

    if check not in CHECKS:
        raise NoSuchStart(f"there is no check `{check}`{nearest(check, sorted(CHECKS))}")
    for file in sorted(assets.policies().glob("*.yaml")):
        text = file.read_text("utf-8")
        if re.search(rf"^check: {check}\s*$", text, re.MULTILINE):
            return re.sub(r"^(aliases|unless|sets):.*\n(?:[ -].*\n)*", "", text, flags=re.MULTILINE)
    raise NoSuchStart(f"no built-in policy uses the check `{check}`, so there is nothing to start from")
