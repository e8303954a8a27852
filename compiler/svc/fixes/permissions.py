"""What a workflow's token may do, where nothing in its steps shows that they need more than to read."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Route
from svc.edit.changes import Change, Set
from svc.edit.types import RefusedError
from svc.fixes.checkout import commands, pushes
from svc.patterns import regex
from svc.tree import Data, Tree, mapping

_WRITERS = regex(
    r"(?i)^(?:softprops/action-gh-release|ncipollo/release-action|actions/create-release|goreleaser/goreleaser-action"
    r"|release-drafter/release-drafter|google(?:-github-actions|apis)/release-please-action|svenstaro/upload-release-action"
    r"|actions/(?:deploy-pages|labeler|stale|first-interaction|attest\S*|github-script|add-to-project)"
    r"|github/codeql-action/(?:analyze|upload-sarif)|ossf/scorecard-action|marocchino/sticky-pull-request-comment"
    r"|peter-evans/\S+|dorny/test-reporter|EnricoMi/publish-unit-test-result-action|mikepenz/action-junit-report"
    r"|pypa/gh-action-pypi-publish|sigstore/\S+|slsa-framework/\S+|peaceiris/actions-gh-pages)(?:[@/]|$)"
)
"""Actions that write to the repository, its issues, pages or packages, or ask for an identity."""
_CLOUDS = regex(r"role-to-assume|workload_identity_provider|ghcr\.io|client-id")
_COMMANDS = regex(
    r"\bgh\s+(?:release|pr|issue|api|label|workflow|cache|run)\b|docker\s+login\s[^\n]*ghcr\.io|\bgit\s[^\n]*\bpush\b"
    r"|api\.github\.com|\.pkg\.github\.com|\b(?:mvnw?|gradlew?)\b[^\n]*(?:\s|:)(?:deploy|publish)\b"
)
"""Programs that may write with the job's token, whoever gives it to them."""


def read_only(data: Data, route: Route) -> tuple[Change, ...]:
    jobs = mapping(data, "jobs")
    chosen = [name for name in jobs if "permissions" not in mapping(jobs, name)] if route == ("jobs",) else [route[1]]
    for name in chosen:
        for what in _writers(mapping(jobs, str(name))):
            raise RefusedError(f"`{what}` may need more than `contents: read`: say what in job `{name}`")
    if route == ("jobs",):
        return (Set(("permissions",), {"contents": "read"}, after="on"),)
    return (Set((*route, "permissions"), {"contents": "read"}, after="runs-on"),)


def _writers(job: dict[str, Data]) -> Iterator[str]:
    """What in a job may write: steps, and workflows that it calls."""
    if isinstance(job.get("uses"), str):
        yield str(job["uses"])
    steps = job.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, dict):
            continue
        action, found = str(step.get("uses") or ""), _COMMANDS.search("\n".join(commands(str(step.get("run") or ""))))
        if what := pushes(step):
            yield what
        elif found:
            yield " ".join(found[0].split())
        elif _WRITERS.match(action) or any(_CLOUDS.search(f"{key}={one}") for key, one in _inputs(step)):
            yield action.partition("@")[0]


def _inputs(step: dict[str, Data]) -> list[tuple[str, Data]]:
    given = Tree(step).get("with")
    return list(given.items()) if isinstance(given, dict) else []
