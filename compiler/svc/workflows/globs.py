"""Patterns of branches, tags and paths that GitHub refuses, or that no name can match."""

from __future__ import annotations

_REF = "~^: \t"
"""What no name of a branch or tag has, `\\`, `?`, `*` and `[` aside, which mean something in a pattern."""
_ESCAPED = "[]?*+\\!"
"""What a `\\` takes the meaning from; before anything else it is a letter, which names of refs do not have."""


def wrong(text: str, *, path: bool) -> str:
    """What is wrong with a pattern, or an empty string."""
    if text == "!":
        return "has nothing after its `!`"
    pattern = text.removeprefix("!")
    if not pattern:
        return "is empty"
    if pattern != pattern.strip():
        return "begins or ends with a space"
    found = _path(pattern) if path else _ref(pattern)
    return found or _syntax(pattern, path=path)


def _path(pattern: str) -> str:
    dots = {".", ".."} & set(pattern.split("/"))
    return "never matches: paths begin at the root, without `.` or `..`" if dots else ""


def _ref(pattern: str) -> str:
    bad = next((one for one in _REF if one in pattern), "")
    if bad:
        return f"never matches: `{bad}` cannot be in a name of a branch or tag"
    if pattern.startswith("/") or pattern.endswith(("/", ".")) or "//" in pattern or ".." in pattern:
        return "never matches: no branch or tag has such a name"
    if pattern.startswith("refs/"):
        return "never matches: names of branches and tags do not begin with `refs/`"
    return ""


def _syntax(pattern: str, *, path: bool) -> str:
    """Repeats that have nothing to repeat, and sets of characters that are none."""
    repeatable, index = False, 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            escaped = pattern[index + 1 : index + 2]
            if not path and (not escaped or escaped not in _ESCAPED):
                return "has a `\\`, which no branch or tag has; a pattern is no regular expression"
            if not path and escaped in "[]?*":
                return f"never matches: `{escaped}` cannot be in a name of a branch or tag"
            index, repeatable = index + 1, True
        elif char in "?+":
            if not repeatable:
                return f"has a `{char}` that repeats nothing: a letter or a set in `[ ]` stands before it"
            repeatable = False
        elif char == "[":
            end = pattern.find("]", index)
            fault = "has a `[` that is not closed" if end < 0 else _set(pattern[index + 1 : end])
            if fault:
                return fault
            index, repeatable = end, True
        else:
            repeatable = char != "*"
        index += 1
    return ""


def _set(body: str) -> str:
    if not body:
        return "has an empty `[]`"
    if len(body) == 1:
        return f"has `[{body}]`, which is `{body}`"
    index = 0
    while index < len(body):
        if body[index + 1 : index + 2] == "-":
            last = body[index + 2 : index + 3]
            if not last:
                return f"has a range in `[{body}]` that does not end"
            if body[index] > last:
                return f"has the range `{body[index]}-{last}`, which runs backwards"
            index += 3
        else:
            index += 1
    return ""
