"""What a new policy starts from: the example of a built-in policy over the same check, or one in CUE."""

from __future__ import annotations

import re

from svc.checks import CHECKS
from svc.policy import starts
from svc.suggest import nearest


class NoSuchStart(ValueError):
    """There is nothing to start from; the message says what there is."""


def start(name: str, check: str, surface: str) -> dict[str, str]:
    """Texts by suffix (`.yaml`, `.cue`) of a policy that loads and passes its own examples."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise NoSuchStart(f"`{name}` is not a policy id: lower-case words joined by `-`, such as team-label-missing")
    if check == "cue":
        return _in_cue(name, surface)
    if check in starts.CHECKS:
        one = starts.CHECKS[check]
        return {".yaml": starts.YAML.format(check=check, **one._asdict())}
    return {".yaml": _over(check)}


def _in_cue(name: str, surface: str) -> dict[str, str]:
    if surface not in starts.SURFACES:
        known = ", ".join(sorted(starts.SURFACES))
        raise NoSuchStart(
            f"there is no surface `{surface}`{nearest(surface, starts.SURFACES) or f'; known are {known}'}"
        )
    one = starts.SURFACES[surface]
    return {
        ".yaml": starts.CUE_YAML.format(name=name, surface=surface, title=one.title, good=one.good, bad=one.bad),
        ".cue": starts.CUE.format(input=one.input, rule=one.rule),
    }


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
