"""Whether the steps after a checkout need the token that it leaves behind."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.edit.changes import Change, Set
from svc.edit.types import RefusedError, ReviewError
from svc.patterns import regex
from svc.tree import Data, Tree

_PUSHES = regex(
    r"(?m)\bgit\b[^\n;|&]*\s(?:push|send-pack)\b|\b(?:semantic-release|release-plz|lerna (?:publish|version)|release-it"
    r"|standard-version|changeset (?:publish|tag)|mike deploy|gh-pages -|cargo[ -]release|mkdocs gh-deploy|release:prepare|bumpversion|bump2version"
    r"|npm version|yarn version|pnpm version|chart-releaser|cr index|gh-deploy)\b"
)
"""Commands that write to the repository."""
_ASKS = regex(r"(?m)\bgit\b[^\n;|&]*\s(?:fetch|pull|clone|ls-remote|submodule|lfs|remote update)\b|\bgh pr checkout\b")
"""Commands that read from it again, for which a private one wants a token."""
_OWN = regex(r"https?://[^\s/@]+@|x-access-token|extraheader|\bgh auth setup-git\b|git@|ssh://")
"""A token or key of their own."""
_PUSHERS = regex(
    r"(?i)^(?:stefanzweifel/git-auto-commit-action|EndBug/add-and-commit|ad-m/github-push-action|actions-js/push"
    r"|peter-evans/create-pull-request|changesets/action|cycjimmy/semantic-release-action|MarcoIeni/release-plz-action"
    r"|release-plz/action|helm/chart-releaser-action|python-semantic-release/python-semantic-release"
    r"|JamesIves/github-pages-deploy-action|s0/git-publish-subdir-action|phips28/gh-action-bump-version"
    r"|TriPSs/conventional-changelog-action|mathieudutour/github-tag-action|anothrNick/github-tag-action"
    r"|commitizen-tools/commitizen-action|google-github-actions/release-please-action|git-for-windows/\S*push\S*"
    r"|benchmark-action/github-action-benchmark|terraform-docs/gh-actions|actions-rs/\S*release\S*)(?:[@/]|$)"
)
"""Actions that push with what the checkout left."""


def no_credentials(data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "persist-credentials" else (*route, "with", "persist-credentials")
    place = route.index("steps")
    index = route[place + 1]
    steps = Tree(data).get(*route[: place + 1])
    later = steps[index + 1 :] if isinstance(steps, list) and isinstance(index, int) else []
    for step in (one for one in later if isinstance(one, dict)):
        if (what := pushes(step)) and not _has_key(steps, index):
            raise RefusedError(f"`{what}` needs the token after it: say so by `persist-credentials: true`")
    change = Set(at, False)
    for step in (one for one in later if isinstance(one, dict)):
        if found := _ASKS.search(_script(step)):
            raise ReviewError(f"`{_shown(found[0])}` after it needs the token if the repository is private", (change,))
    return (change,)


def _has_key(steps: list[Data], index: Data) -> bool:
    """With a key for SSH there is no token to push with."""
    return isinstance(index, int) and bool(Tree(steps[index]).get("with", "ssh-key"))


def pushes(step: dict[str, Data]) -> str:
    """The action or command of a step that writes to the repository with the token of the checkout; "" for none."""
    action = str(step.get("uses") or "")
    if _PUSHERS.match(action):
        return action.partition("@")[0]
    found = _PUSHES.search(_script(step))
    return _shown(found[0]) if found else ""


def _script(step: dict[str, Data]) -> str:
    """A step's script; empty where it brings a token of its own."""
    script = str(step.get("run") or "")
    return "" if _OWN.search(script) else "\n".join(one for one in script.split("\n") if one.strip()[:1] != "#")


def _shown(command: str) -> str:
    return " ".join(command.split())[:60]
