"""`healthcheck` of a compose service: a probe that runs a command, or the request that the command makes."""

from __future__ import annotations

import re
import shlex
from typing import Any

from svc.importers.compose_values import inserted
from svc.importers.draft import Draft
from svc.importers.ledger import View, number
from svc.patterns import regex

_LOCAL = r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$\{?HOSTNAME\}?)"
_URL = regex(rf"(?P<scheme>https?)://{_LOCAL}(?::(?P<port>\d+))?(?P<path>/[^\s?#]*)?")
_ALONE = regex(
    r"-[fsSLkIq]+|-nv|-q?O-|--(fail|fail-with-body|silent|show-error|location|insecure|quiet|spider|no-verbose|head"
    r"|no-check-certificate)|--(timeout|tries|max-time|output-document)=\S+"
)
_WITH_VALUE = {"-o", "--output", "-O", "--output-document", "-m", "--max-time", "--connect-timeout", "-T", "--timeout",
               "-t", "--tries", "--retry"}  # fmt: skip
_TIMES = {"interval": "period", "timeout": "timeout", "retries": "failures", "start_period": "initial_delay"}


def health(view: View, draft: Draft) -> None:
    test = view.at("test")
    if view.at("disable").value is True or test.texts()[:1] == ["NONE"]:
        view.default("no healthcheck: the spec has none either")
        return
    if not test.there and set(view.value if isinstance(view.value, dict) else ()) == {"disable"}:
        view.default("the image's own, if it has one: Kubernetes does not run that, so name it under `health`")
        return
    words = test.texts()
    if isinstance(test.value, str) or words[:1] == ["CMD-SHELL"]:
        words = ["CMD", "sh", "-c", words[-1] if words else ""]
    if len(words) < 2:
        view.dropped("it asks nothing")
        return
    words = [inserted(test, word)[0] for word in words[1:]]
    request = _request(words)
    probe: dict[str, Any] = {"http": request} if request is not None else {"exec": words}
    test.mapped("health", *probe, reason="the request that the command makes" if request is not None else "")
    for key, part in view.items():
        if key in _TIMES:
            value = inserted(part)[0]
            probe[_TIMES[key]] = number(re.sub(r"\.\d+s$", "s", value))
            part.mapped("health", _TIMES[key])
        elif key != "test":
            part.dropped("Kubernetes has no such timing")
    if "timeout" in probe and "period" not in probe:
        probe["period"] = "30s"
        draft.added.append("health.period: 30s, Docker's own default")
    if _seconds(probe.get("timeout")) > _seconds(probe.get("period")):  # Docker waits for the answer first
        probe["period"] = probe["timeout"]
        draft.added.append(f"health.period: {probe['timeout']}, since an answer may take as long")
    draft.set(("health",), probe)


def _seconds(text: object) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", str(text))
    return sum(float(number_) * {"h": 3600, "m": 60, "s": 1, "ms": 0.001}[unit] for number_, unit in parts)


def _request(words: list[str]) -> dict[str, Any] | None:
    """What `curl -f` or `wget` asks of the process itself, when that is all that the command does."""
    text = words[2] if words[:2] == ["sh", "-c"] and len(words) == 3 else shlex.join(words)
    try:
        plain = shlex.split(re.sub(r"\s*(\|\||;)\s*exit\s+1\s*$", "", text))
    except ValueError:
        return None
    match = _asked(plain[1:]) if plain[:1] in (["curl"], ["wget"]) else None
    failing = plain[:1] == ["wget"] or any(re.fullmatch(r"-[a-zA-Z]*f[a-zA-Z]*|--fail.*", one) for one in plain)
    if match is None or not failing:  # without -f, curl is content with any answer
        return None
    port = int(match["port"] or (443 if match["scheme"] == "https" else 80))
    made: dict[str, Any] = {"path": match["path"] or "/", "port": port}
    return {**made, "scheme": "https"} if match["scheme"] == "https" else made


def _asked(words: list[str]) -> re.Match[str] | None:
    found: re.Match[str] | None = None
    rest = iter(words)
    for word in rest:
        match = _URL.fullmatch(word)
        if match is not None and found is None:
            found = match
        elif word in _WITH_VALUE or word in ("-qO", "-fso", "-so", "-sfo", "-fsSo", "-nvO"):
            next(rest, None)
        elif not _ALONE.fullmatch(word):
            return None
    return found
