"""Expressions in the scripts of workflows: handed over as a variable instead of pasted into the program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from svc.diagnostics import Route
from svc.edit.changes import Change, Rewrite, Set
from svc.edit.types import RefusedError
from svc.patterns import regex
from svc.tree import Data, Tree

_POSIX = regex(r"(?:/\S+/)?(?:bash|sh)(?:\s|$)")
_CASE = regex(r"(?m)<<(?!<)")


def variable(data: Data, route: Route, message: str) -> tuple[Change, ...]:
    """The expression that the message names becomes a variable of the step."""
    quoted = re.match(r"`(.+?)` is pasted", message, re.DOTALL)
    script = Tree(data).get(*route)
    if quoted is None or route[-1] != "run" or not isinstance(script, str) or not _is_posix(data, route):
        raise RefusedError("it is not known that a POSIX shell runs the program")
    pattern = r"\$\{\{\s*" + re.escape(quoted.group(1)) + r"\s*\}\}"
    contexts = _known_contexts(script)
    if isinstance(contexts, str):
        raise RefusedError(contexts)
    places = [contexts[match.start()] for match in re.finditer(pattern, script)]
    if not places or not set(places) <= {"bare", "double", "comment"}:
        raise RefusedError("the expression stands where the shell knows no variables")
    step = route[:-1]
    given = Tree(data).get(*step, "env")
    name = _name(quoted.group(1), given if isinstance(given, dict) else {}, script)
    into = tuple(f'"${{{name}}}"' if place == "bare" else f"${{{name}}}" for place in places)
    env = Set((*step, "env", name), f"${{{{ {quoted.group(1)} }}}}")
    return (Rewrite(route, pattern, into), env)


def _is_posix(data: Data, route: Route) -> bool:
    """Whether the step's shell, or the one it gets from its job, the workflow or the runner, is bash or sh."""
    step = route[:-1]
    shells = [Tree(data).get(*step, "shell")]
    if route[0] == "jobs":
        job: Route = route[:2]
        shells += [Tree(data).get(*job, "defaults", "run", "shell"), Tree(data).get("defaults", "run", "shell")]
        runner = str(Tree(data).get(*job, "runs-on") or "ubuntu")
        if not any(shells):
            return re.search(r"(?i)windows|\$\{\{", runner) is None
    shell = next((one for one in shells if one), None)
    return isinstance(shell, str) and _POSIX.match(shell) is not None


@lru_cache(maxsize=4)
def _known_contexts(script: str) -> list[str] | str:
    """The same, or why it is not known: the findings of a script come one after the other."""
    try:
        return _contexts(script)
    except RefusedError as error:
        return str(error)


def _contexts(script: str) -> list[str]:
    """How the shell reads each character. Raises RefusedError where that is not known."""
    if _CASE.search(script):
        raise RefusedError("the script has a here-document")
    stack, found, index = ["bare"], [], 0
    while index < len(script):
        char, state = script[index], stack[-1]
        width = 1
        if script.startswith("${{", index) and (end := script.find("}}", index)) > 0:
            width = end + 2 - index
        elif char == "\\" and state != "single":
            width = 2
        elif char == "`":
            raise RefusedError("the script has commands in backticks")
        else:
            _turn(script, index, stack)
        found += [state] * width
        index += width
    if stack not in (["bare"], ["bare", "comment"]):
        raise RefusedError("the quotes of the script do not end")
    return found


def _turn(script: str, index: int, stack: list[str]) -> None:
    """Opens or closes what a character of a script opens or closes."""
    char, state = script[index], stack[-1]
    if state == "comment":
        if char == "\n":
            stack.pop()
    elif state == "single":
        if char == "'":
            stack.pop()
    elif char == '"':
        if state == "double":
            stack.pop()
        else:
            stack.append("double")
    elif char == "(" and (state != "double" or script[index - 1 : index] == "$"):
        stack.append("bare")
    elif char == ")" and state == "bare" and len(stack) > 1:
        stack.pop()
    elif char == "'" and state == "bare":
        stack.append("single")
    elif char == "#" and state == "bare" and (index == 0 or script[index - 1].isspace()):
        stack.append("comment")


def _name(expression: str, taken: Mapping[str, Data], script: str) -> str:
    """A variable's name that says what the expression does, and is not in use."""
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\bgithub\.(event\.)?", "", expression).replace("'", " "))
    name = "_".join(words).upper()[:40].strip("_") or "VALUE"
    name = name if "_" in name and not name[0].isdigit() else f"VALUE_{name}"
    if name.startswith(("GITHUB_", "RUNNER_")):
        name = f"VALUE_{name}"
    number, chosen = 1, name
    while (chosen in taken and taken[chosen] != f"${{{{ {expression} }}}}") or _used(chosen, script, taken):
        number += 1
        chosen = f"{name}_{number}"
    return chosen


def _used(name: str, script: str, taken: Mapping[str, Data]) -> bool:
    return name not in taken and re.search(rf"\b{name}\b", script) is not None
