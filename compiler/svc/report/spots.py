"""Where a text holds what looks like a secret: by its form, by the name before it, or by the object that it stands in.

Texts are searched, not parsed: comments, scripts and files that no parser reads hold secrets as well. What the policies take for a secret is always found; more is, since hiding a harmless text costs little.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from svc.checks.secrets import KNOWN, PASSED_ON, PLACEHOLDERS, TO_BE_FILLED, is_secret, names_secret
from svc.patterns import regex
from svc.report.commands import OPTION, TELLING
from svc.report.objects import of_secrets
from svc.report.values import Spot, Value, line_start, value

_NAMES = ("pass", "pwd", "secret", "token", "key", "credential", "salt", "pepper", "auth")
"""One of them is in every name that tells of a secret, in small letters."""
_FORMS = (
    *("akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat", "glpat", "xox", "k_live_", "sg.", "aiza"),
    *("npm_", "pypi-", "eyj", "base64:"),
)
"""One of them is in everything that its form gives away."""
_REST = regex(r"[\w.=/+-]*")
_SITE = regex(
    r"""(?<![\w.-])-{0,2}(?P<quote>\\*["'])?(?P<name>[A-Za-z_][\w.-]{0,100})(?(quote)(?P=quote))
    (?P<before>[ \t]*)(?P<sign>:[-=]|=>|:|=)(?!=)(?P<after>[ \t]*)""",
    re.VERBOSE,
)
_SPACED = regex(r"(?m)^[ \t]*(?:ENV|ARG|LABEL)[ \t]+(?P<name>[A-Za-z_][\w.-]{0,100})[ \t]+(?P<plain>[^\s=][^\n]*)")
_VARIABLE = regex(r'variable[ \t]+"(?P<name>[\w.-]{1,100})"[ \t]*\{[^{}]*?\bdefault[ \t]*=[ \t]*')
_ENTRY = regex(r"""(?i)(?<![\w.-])(?P<quote>\\*["'])?(?P<key>name|key|value)(?(quote)(?P=quote))[ \t]*[:=][ \t]*""")
_BETWEEN = regex(r"""[\\"']*[ \t]*,?[ \t]*(?:#[^\n]*)?\r?\n?[ \t]*""")
_PEM = regex(r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?P<plain>(?:(?!-----)[\s\S]){0,20000})")
_SPEC = regex(r"(?m)^apiVersion:[ \t]*[\"']?svc/")
_STORED = regex(
    r"(?m)(?:^([ \t]*)|[{,][ \t]*)(?P<kind>secrets|keys|items):[ \t]*"
    r"(?:\{[^\n{}]*(?:\{[^\n{}]*\}[^\n{}]*)*\}|(?:#[^\n]*)?(?:\n(?:\1[ \t]+[^\n]*|[ \t]*(?=\n)))+)"
)
"""Where a spec names places in the secret store, or keys of what lies there."""
_PLACE = regex(r"[a-z0-9][a-z0-9_.-]*(?:[/#:][\w.-]+)*|[\w.-]+(?:[/#:][\w.-]+)+")
_CONSTANT = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_REFERS = regex(
    r"\$\{|\$\(|(?:^|[^\w$])\$[A-Za-z_]|\{\{|%\{|^%\w|^<.*>$|^(?:file|path|secret|vault|ssm|arn|ref|op|env):"
)
_CODE = regex(r"[a-z_]\w*(?:\.[A-Za-z_*]\w*|\[[^\]]*\])+(?:\W|$)|[a-z_][\w.]*\(")
"""An expression of a program or of Terraform."""
_PASSED_ON = regex(rf"(?:\"\$\{{)?(?:{'|'.join(PASSED_ON)})\((?P<rest>[^\n]*)")
_LITERAL = regex(r'(?P<quote>\\*")(?P<plain>(?:(?!(?P=quote))(?:\\.|[^\\\n]))+)(?P=quote)')
"""A text that a function of Terraform is given; in JSON its quotes are escaped."""
_MORE = regex(r"(?i)(?:^|[_.-])(?:account_?key|shared_?access_?key|passwd?|pwd)$")
_AUTH = regex(r"(?i)_?auth")


def spots(text: str) -> Iterator[Spot]:
    """Everything that looks like a secret, in no order; some may lie in others."""
    lower = text.lower()
    for match in KNOWN.finditer(text) if any(one in lower for one in _FORMS) else ():
        rest = _REST.match(text, match.end())
        start, end = match.start() + (not text[match.start()].isalnum()), rest.end() if rest else match.end()
        yield Spot(start, end, text[start:end])
    for form in {TELLING[word] for word in TELLING if word in lower}:
        for match in form.finditer(text):
            if not _REFERS.search(match["plain"]) and set(match["plain"]) - set("*xX"):
                yield Spot(*match.span("plain"), match["plain"])
    if "-----BEGIN " in text:
        for match in _PEM.finditer(text):
            yield from _lines(text, *match.span("plain"))
    spec = "svc/" in text and _SPEC.search(text) is not None
    for start, end in _near(text, lower):
        yield from _named(text, start, end, spec)
        yield from _entries(text, start, end)
    for match in _VARIABLE.finditer(text) if "variable" in text else ():
        found = value(text, match.end(), 0, ends="line") if _may(match["name"]) else None
        if found is not None and _holds(match["name"], found.text, spec, spaced=True):
            yield from _told(found)
    if "Secret" in text:
        yield from of_secrets(text)


def _near(text: str, lower: str) -> list[tuple[int, int]]:
    """Lines in which a name may tell of a secret, each with the one before it and the one after it."""
    if len(lower) != len(text):  # few letters are longer in small
        return [(0, len(text))]
    lines: set[tuple[int, int]] = set()
    for word in _NAMES:
        at = lower.find(word)
        while at >= 0:
            start = line_start(text, max(0, line_start(text, at) - 1))
            end = text.find("\n", at)
            after = text.find("\n", end + 1) if end >= 0 else -1
            lines.add((start, after if after >= 0 else len(text)))
            at = lower.find(word, end) if end >= 0 else -1
    found: list[tuple[int, int]] = []
    for start, last in sorted(lines):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((start, last))
    return found


def _lines(text: str, start: int, end: int) -> Iterator[Spot]:
    for match in re.finditer(r"[^\s\\\"',]+(?:[ \t]+[^\s\\\"',]+)*", text[start:end]):
        word = match[0]
        if len(word) > 1:
            yield Spot(start + match.start(), start + match.end(), word)


def _told(found: Value) -> Iterator[Spot]:
    words = found.text.split("\n") if len(found.spans) > 1 else [found.text]
    for number, (start, end) in enumerate(found.spans):
        yield Spot(start, end, words[min(number, len(words) - 1)])


def _named(text: str, first: int, last: int, spec: bool) -> Iterator[Spot]:
    stored = [(*one.span(), one["kind"]) for one in _STORED.finditer(text)] if spec else []
    done = 0
    for match in _SITE.finditer(text, first, last):
        name = match["name"]
        if match.start() < done or not _may(name):
            continue
        if (passed := _PASSED_ON.match(text, match.end())) is not None:
            for literal in _LITERAL.finditer(text, *passed.span("rest")):
                if _holds(name, literal["plain"], spec):
                    yield Spot(*literal.span("plain"), literal["plain"])
        found = _behind(text, match)
        if found is None or not _holds(name, found.text, spec, spaced=bool(match["before"])):
            continue
        inside = {kind for start, end, kind in stored if start <= match.start() < end}
        if not inside or (inside == {"secrets"} and not _PLACE.fullmatch(found.text)):
            done = found.spans[-1][1]
            yield from _told(found)
    for match in _SPACED.finditer(text, first, last):
        if _may(match["name"]) and _holds(match["name"], match["plain"], spec):
            yield Spot(*match.span("plain"), match["plain"].strip())
    for match in OPTION.finditer(text, first, last):
        if _may(match["name"]) and _holds(match["name"], match["plain"], spec):
            yield Spot(*match.span("plain"), match["plain"])


def _behind(text: str, match: re.Match[str]) -> Value | None:
    """The value of a site: how it ends depends on where its name stands."""
    start, sign = match.start(), match["sign"]
    in_braces = text[start - 2 : start] == "${"
    if in_braces != (sign in (":-", ":=")) and (in_braces or sign == ":-"):
        return None
    line = line_start(text, start)
    before = text[line:start]
    if before.endswith("checksum/"):
        return None
    lone = before.lstrip(" \t-#+/").rstrip("\"'") in ("", "export", "set")
    if text[start - 1 : start] in ('"', "'") and not match["quote"] and sign != ":":
        ends = text[start - 1]
    elif (sign == ":" and match["after"] and lone) or (match["before"] and sign == "=" and lone):
        ends = "line"
    elif sign == ":" and match["after"] and before.count("{") > before.count("}"):
        ends = "flow"
    else:
        ends = "word"
    if ends == "word" and sign == ":" and lone and not text[match.end() : match.end() + 1].strip():
        ends = "line"
    return value(text, match.end(), start - line, ends=ends)


def _may(name: str) -> bool:
    return is_secret(name, "aB3" * 8) or names_secret(name) or bool(_AUTH.fullmatch(name) or _MORE.search(name))


def _holds(name: str, said: str, spec: bool, *, spaced: bool = False) -> bool:
    """Whether a value under that name is a secret in plain text."""
    text = said.strip().rstrip(".;")
    if (spec and _refers(name, text)) or (spaced and _CODE.match(text)):
        return False
    if is_secret(name, text):
        return True
    if _AUTH.fullmatch(name):
        return _is_login(text)
    if not (names_secret(name) or _MORE.search(name)) or text.lower() in PLACEHOLDERS or TO_BE_FILLED.search(text):
        return False
    return len(text) >= 6 and not _REFERS.search(text) and not text.startswith(("/", "./", "http://", "https://"))


def _refers(name: str, said: str) -> bool:
    """Whether a spec names a Secret or a variable there."""
    return (name.lower() == "secret" or _CONSTANT.fullmatch(said) is not None) and not KNOWN.search(said)


def _is_login(text: str) -> bool:
    """Whether it is `user:password` in base64, as registries' files have it."""
    try:
        return b":" in base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False


def _entries(text: str, first: int, end: int) -> Iterator[Spot]:
    """`name: DB_PASSWORD` beside `value: ...`, either first."""
    last: tuple[str, Value, int] | None = None
    for match in _ENTRY.finditer(text, first, end):
        key = match["key"].lower()
        start = match.start()
        line = line_start(text, start)
        flow = text[line:start].strip(" \t-\\\"'") != ""
        found = value(text, match.end(), start - line, ends="flow" if flow else "line")
        if found is None:
            last = None
            continue
        if last is not None and (last[0] == "value") != (key == "value"):
            gap = _BETWEEN.match(text, last[2])
            name, said = (last[1], found) if key == "value" else (found, last[1])
            if gap is not None and gap.end() >= start and _may(name.text) and _holds(name.text, said.text, spec=False):
                yield from _told(said)
        last = key, found, found.spans[-1][1]
