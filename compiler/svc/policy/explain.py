"""A policy in words: for `svc explain` and for the reference page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from svc.policy.types import Policy

_FIXES = {
    "none": "by a decision of yours",
    "lock": "by pinning what is used now",
    "safe": "by an edit that changes nothing else",
    "unsafe": "by an edit that needs a review",
}


def explain(policy: Policy, folder: Path) -> str:
    """What a policy demands, why, what to write instead, and an example of either kind, as plain text."""
    lines = [f"{policy.id} ({policy.severity.word}, {policy.surface})", f"  {policy.title}.", ""]
    lines += [f"  Why: {policy.why}", f"  Fix: {policy.help}", ""]
    lines += [f"  Profiles: {', '.join((*policy.profiles, *policy.sets)) or 'none; turn it on in the workspace'}"]
    if policy.aliases:
        lines.append(f"  Known elsewhere as: {', '.join(policy.aliases)}")
    file = folder / f"{policy.id}.yaml"
    if file.is_file():
        good, bad = _examples(file)
        lines += ["", "  Wrong:", *_indented(bad), "", "  Right:", *_indented(good)]
    return "\n".join(lines) + "\n"


def markdown(policy: Policy, folder: Path) -> str:
    """The policy's section of the reference page."""
    good, bad = _examples(folder / f"{policy.id}.yaml")
    language = {"docker": "dockerfile", "terraform": "terraform"}.get(policy.surface, "yaml")
    rows = [
        f"## {policy.id}",
        "",
        f"**{policy.title}.** {policy.why}",
        "",
        f"{policy.help}",
        "",
        f"- severity {policy.severity.word}; judges {policy.surface}; in {', '.join((*policy.profiles, *policy.sets))}",
        f"- fixed {_FIXES[policy.fix]}; since {policy.since}",
    ]
    if policy.aliases:
        rows.append(f"- known elsewhere as {', '.join(f'`{alias}`' for alias in policy.aliases)}")
    rows += ["", "Wrong:", "", f"```{language}", bad, "```", "", "Right:", "", f"```{language}", good, "```", ""]
    return "\n".join(rows)


def _examples(file: Path) -> tuple[str, str]:
    """The first example that passes and the first that fails, as text."""
    from svc.parse import parse_one
    from svc.source import Source

    data = parse_one(Source(file.name, file.read_text("utf-8"))).documents[0].data
    return _text(data["pass"][0]), _text(data["fail"][0]["input"])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.rstrip("\n")
    from svc.emit import emit

    documents = value if isinstance(value, list) else [value]
    return "\n---\n".join(emit(one).text.rstrip("\n") for one in documents)


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.split("\n")]
