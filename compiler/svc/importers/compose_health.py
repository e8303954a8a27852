"""`healthcheck` of a compose service: a probe that runs a command."""

from __future__ import annotations

import re

from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View, number


def health(view: View, draft: Draft) -> None:
    test = view.at("test")
    if view.at("disable").value is True or test.texts()[:1] == ["NONE"]:
        view.default("no healthcheck: the spec has none either")
        return
    words = test.texts()
    if isinstance(test.value, str) or words[:1] == ["CMD-SHELL"]:
        words = ["CMD", "sh", "-c", words[-1] if words else ""]
    if len(words) < 2:
        view.dropped("it asks nothing")
        return
    probe: dict[str, object] = {"exec": [interpolate(word)[0] for word in words[1:]]}
    test.mapped("health", "exec")
    keys = {"interval": "period", "timeout": "timeout", "retries": "failures", "start_period": "initial_delay"}
    for key, part in view.items():
        if key in keys:
            value = interpolate(part.text)[0]
            probe[keys[key]] = number(re.sub(r"\.\d+s$", "s", value))
            part.mapped("health", keys[key])
        elif key != "test":
            part.dropped("Kubernetes has no such timing")
    if "timeout" in probe and "period" not in probe:
        probe["period"] = "30s"
        draft.added.append("health.period: 30s, Docker's own default")
    draft.set(("health",), probe)
