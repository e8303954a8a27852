"""Whether the steps after a checkout push with the token that it leaves behind, as far as the file shows."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.edit.changes import Change, Set
from svc.edit.types import RefusedError
from svc.patterns import regex
from svc.tree import Data, Tree

_GIT = regex(r"(?:\S*/)?[^\w/]*git(?:\.exe)?[\"']?")
_VERBS = ("push", "send-pack")
_PUSHES = regex(
    r"\b(?:semantic-release|release-plz|lerna (?:publish|version)|release-it|standard-version|changeset (?:publish|tag)|mike deploy"
    r"|gh-pages -|cargo[ -]release|mkdocs gh-deploy|release:prepare|bumpversion|bump2version|npm version|yarn version|pnpm version"
    r"|chart-releaser|cr index|gh-deploy)\b"
)
"""Programs that write to the repository, besides git."""
_OWN = regex(r"https?://(?:\$\{\{[^}]{0,200}\}\}|(?!\$\{\{)[^\s/@])+@|x-access-token|extraheader|git@[\w.-]+:|ssh://")
"""A token or key of its own in a command of git."""
_SIGNS_IN = regex(r"\bgh auth setup-git\b|\bcredential\.|\.git-credentials\b|\.netrc\b")
"""What gives one to the commands after it."""
_ENTERS = regex(r"(?:^|\s)(?:cd|pushd|-C|--git-dir\S*)\s")
_GOES_ON = regex(r"[\\`]\r?\n")
_BETWEEN = regex(r"[\n;|&]+")
_PUSHERS = regex(
    r"(?i)^(?:stefanzweifel/git-auto-commit-action|EndBug/add-and-commit|ad-m/github-push-action|actions-js/push"
    r"|peter-evans/create-pull-request|changesets/action|cycjimmy/semantic-release-action|MarcoIeni/release-plz-action"
    r"|release-plz/action|helm/chart-releaser-action|python-semantic-release/python-semantic-release"
    r"|JamesIves/github-pages-deploy-action|s0/git-publish-subdir-action|phips28/gh-action-bump-version"
    r"|TriPSs/conventional-changelog-action|mathieudutour/github-tag-action|anothrNick/github-tag-action"
    r"|commitizen-tools/commitizen-action|google-github-actions/release-please-action|git-for-windows/\S*push\S*"
    r"|DeterminateSystems/update-flake-lock|creyD/prettier_action|wearerequired/lint-action|rubygems/release-gem|actions/publish-action"
    r"|korthout/backport-action|devops-infra/action-commit-push|github-actions-x/commit|rickstaa/action-create-tag"
    r"|benchmark-action/github-action-benchmark|terraform-docs/gh-actions|actions-rs/\S*release\S*)(?:[@/]|$)"
)
"""Actions that push with what the checkout left."""


def no_credentials(data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "persist-credentials" else (*route, "with", "persist-credentials")
    place = route.index("steps")
    index = route[place + 1]
    steps = Tree(data).get(*route[: place + 1])
    if isinstance(steps, list) and isinstance(index, int) and not Tree(steps[index]).get("with", "ssh-key"):
        for step in (one for one in steps[index + 1 :] if isinstance(one, dict)):
            if what := pushes(step):
                raise RefusedError(
                    f"`{what}` pushes with that token; set `persist-credentials` to `true` where it should"
                )
    return (Set(at, False),)


def pushes(step: dict[str, Data]) -> str:
    """The action or command of a step that writes to the repository with the token of the checkout; "" for none."""
    action = str(step.get("uses") or "")
    if _PUSHERS.match(action):
        return action.partition("@")[0]
    signed = cloned = False
    remotes: set[str] = set()
    for command in commands(str(step.get("run") or "")):
        words = command.split()
        git = next((words[index:] for index, word in enumerate(words) if _GIT.fullmatch(word)), [])
        own = bool(git and _OWN.search(command))
        cloned = cloned or (own and "clone" in git)
        signed = signed or bool(_SIGNS_IN.search(command)) or (cloned and _ENTERS.search(command) is not None)
        if what := _pushed(git) or (found[0] if (found := _PUSHES.search(command)) else ""):
            if not (signed or own or remotes.intersection(git)):
                return what
        elif own and git[1:3] == ["remote", "add"]:
            remotes.update(git[3:])
        elif own and ("remote" in git or ("config" in git and "user." not in command)):
            signed = True
    return ""


def _pushed(git: list[str]) -> str:
    verbs = [word.strip("\"'`)") for word in git]
    for index, verb in enumerate(verbs):
        if verb in _VERBS and verbs[index - 1] != "stash":
            return " ".join(git)[:60]
    return ""


def commands(script: str) -> list[str]:
    """The commands of a script, roughly: without remarks, each on one line."""
    lines = "\n".join(one for one in script.split("\n") if one.strip()[:1] != "#")
    return [one.strip() for one in _BETWEEN.split(_GOES_ON.sub(" ", lines)) if one.strip()]
