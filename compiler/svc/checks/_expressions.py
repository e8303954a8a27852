"""GitHub's `${{ }}` in text: which of them anybody on the internet can fill; and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from svc.checks._once import once
from svc.diagnostics import Route, Within
from svc.patterns import regex
from svc.targets.github.types import Workflow
from svc.workflows.expression import OPEN, ExpressionError, Found, find, parse
from svc.workflows.nodes import Call, Node, begin, paths, walk

_KEPT = 2048
"""Texts whose expressions are remembered: every policy asks for the same ones."""

_UNTRUSTED = regex(
    r"""github\.head_ref
    | github\.event\.issue\.(title|body)
    | github\.event\.pull_request\.(title|body|head\.(ref|label)|head\.repo\.(default_branch|description|homepage|name|full_name))
    | github\.event\.discussion\.(title|body)
    | github\.event\.(comment|review|review_comment)\.body
    | github\.event\.pages(\.\*|\.\d+)?\.page_name
    | github\.event\.commits(\.\*|\.\d+)?\.(message|(author|committer)\.(name|email))
    | github\.event\.head_commit\.(message|(author|committer)\.(name|email))
    | github\.event\.workflow_run\.(head_branch|display_title|head_repository\.(description|name|full_name|default_branch)
        |head_commit\.(message|author\.(name|email))|pull_requests\.\*\.head\.ref)
    | github\.event\.(check_run\.check_suite|check_suite)\.(head_branch|pull_requests\.\*\.head\.ref)
    | github\.event\.client_payload(\.[\w.*-]+)?
    | github\.event\.label\.name
    | github\.event\.\*\.(title|body|page_name|message|name|head_branch|display_title|default_branch)
    | github\.event\.(pull_request|workflow_run|\*)\.\*\.(ref|label|message)
    | github\.event\.changes\.(title|body)\.from
    """,
    re.VERBOSE,
)
_WHOLE = regex(r"github\.event(\.(issue|pull_request|comment|review|discussion|commits|head_commit|pages))?|github")
"""Objects that hold what strangers write: as a text they carry it."""
_SAFE = regex(
    r"""^(github\.(sha|run_id|run_number|run_attempt|repository|repository_id|repository_owner|repository_owner_id|actor_id
        |event_name|job|workspace|action_path|server_url|api_url|graphql_url|workflow_sha|event\.number
        |event\.pull_request\.(number|head\.sha|base\.sha|merged|draft)|event\.issue\.number|event\.repository\.id)
    | runner\.(os|arch|temp|tool_cache|name|workspace)
    | (needs|steps)\.[\w-]+\.(result|outcome|conclusion)
    | job\.\w+ | strategy\.[\w-]+ | matrix\.[\w.-]+
    )$""",
    re.VERBOSE,
)
_NO_TEXT = frozenset({"contains", "startswith", "endswith", "hashfiles", "success", "failure", "always", "cancelled"})
"""Functions that give no text of what they are given."""


def expressions(text: str) -> tuple[Found, ...]:
    return _found(text) if OPEN in text else ()


@lru_cache(maxsize=_KEPT)
def _found(text: str) -> tuple[Found, ...]:
    try:
        return tuple(find(text))
    except ExpressionError:
        return ()


@lru_cache(maxsize=_KEPT)
def tree(text: str) -> Node | None:
    """An expression's tree; None for a text that is none, which is said elsewhere."""
    try:
        return parse(text)
    except ExpressionError:
        return None


def untrusted(text: str) -> list[Found]:
    """The expressions that somebody without any right in the repository can fill with any text."""
    return [one for one in expressions(text) if _is_untrusted(one.text)]


def unproven(text: str) -> list[Found]:
    """The expressions that are not known to be harmless inside a script, untrusted ones left out."""
    return [one for one in expressions(text) if not _is_safe(one.text) and not _is_untrusted(one.text)]


@once
def conditions(workflow: Workflow) -> Iterator[tuple[Route, str]]:
    """Every `if` that is a text, of jobs and steps."""
    for route, data in [
        *((one.route, one.data) for one in workflow.jobs),
        *((s.route, s.data) for s in workflow.steps),
    ]:
        if isinstance(data.get("if"), str):
            yield (*route, "if"), data["if"]


@lru_cache(maxsize=_KEPT)
def condition_tree(text: str) -> Node | None:
    """The tree of a condition that is one expression, with or without `${{ }}`."""
    try:
        found = list(find(text))
    except ExpressionError:
        return None
    if not found:
        return tree(text)
    return tree(found[0].text) if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text.strip())) else None


@lru_cache(maxsize=_KEPT)
def condition_nodes(text: str) -> tuple[Node, ...]:
    """All of that tree."""
    node = condition_tree(text)
    return tuple(walk(node)) if node is not None else ()


def in_condition(text: str, node: Node) -> Within:
    """Where a part of that tree begins in the condition, up to its end."""
    found = expressions(text)
    return (found[0].at if found else 0) + begin(node), len(text)


@lru_cache(maxsize=_KEPT)
def nodes(text: str) -> tuple[Node, ...]:
    """All of an expression's tree; none for a text that is none."""
    node = tree(text)
    return tuple(walk(node)) if node is not None else ()


def calls(node: Node, *names: str) -> Iterator[Call]:
    return (one for one in walk(node) if isinstance(one, Call) and one.name in names)


def _is_untrusted(text: str) -> bool:
    node = tree(text)
    return node is not None and any(_UNTRUSTED.fullmatch(one) or _carries(node, one) for one in _texts(node))


def _carries(node: Node, path: str) -> bool:
    return bool(_WHOLE.fullmatch(path)) and any(True for _ in calls(node, "tojson"))


def _texts(node: Node) -> Iterator[str]:
    """The paths whose text can become the expression's: not those that are only asked about."""
    from svc.workflows.nodes import Binary, Not, children, path

    if isinstance(node, Not) or (isinstance(node, Binary) and node.sign not in ("&&", "||")):
        return
    if isinstance(node, Call):
        for child in () if node.name in _NO_TEXT else node.args:
            yield from _texts(child)
        return
    if path(node):
        yield from paths(node)
        return
    for child in children(node):
        yield from _texts(child)


def _is_safe(text: str) -> bool:
    node = tree(text)
    return node is None or all(_SAFE.match(one) for one in _texts(node))
