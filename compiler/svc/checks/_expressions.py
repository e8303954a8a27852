"""GitHub's `${{ }}` in text: which of them anybody on the internet can fill."""

from __future__ import annotations

import re
from collections.abc import Iterator

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_UNTRUSTED = re.compile(
    r"""github\.head_ref
    | github\.event\.(issue|pull_request|discussion|comment|review|review_comment|head_commit|workflow_run)
        (\.[\w*\[\]'"-]+)*\.(title|body|message|name|email|label|ref|head_branch|display_title|head_repository|default_branch)
    | github\.event\.(pages|commits|check_run|check_suite)\b
    | github\.event\.client_payload
    | github\.event\.(issue|comment|review|discussion)\.(title|body)
    """,
    re.VERBOSE,
)
_SAFE = re.compile(
    r"""^(github\.(sha|run_id|run_number|run_attempt|repository|repository_id|repository_owner|repository_owner_id|actor_id
        |event_name|job|workspace|action_path|server_url|api_url|graphql_url|workflow_sha|event\.number
        |event\.pull_request\.(number|head\.sha|base\.sha|merged|draft)|event\.issue\.number|event\.repository\.id)
    | runner\.(os|arch|temp|tool_cache|name|workspace)
    | (needs|steps)\.[\w-]+\.(result|outcome|conclusion)
    | job\.\w+ | strategy\.[\w-]+ | matrix\.[\w.-]+
    | '[^']*' | true | false | [0-9]+
    )$""",
    re.VERBOSE,
)


def expressions(text: str) -> Iterator[str]:
    return (match.group(1).strip() for match in _EXPRESSION.finditer(text))


def untrusted(text: str) -> list[str]:
    """The expressions that somebody without any right in the repository can fill with any text."""
    return [one for one in expressions(text) if _UNTRUSTED.search(one)]


def unproven(text: str) -> list[str]:
    """The expressions that are not known to be harmless inside a script, untrusted ones left out."""
    return [one for one in expressions(text) if not _SAFE.match(one) and not _UNTRUSTED.search(one)]
