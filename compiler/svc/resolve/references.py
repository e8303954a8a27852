"""`${...}` in a variable's value: addresses of services, outputs of needs, pod facts, other variables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.diagnostics import Route, Severity
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve import dollars, referred
from svc.resolve.context import Context
from svc.resolve.types.process import ContainerResource, EnvValue, Literal_, PodField, Port, Variable
from svc.suggest import nearest

POD_FACTS = {
    "name": "metadata.name",
    "namespace": "metadata.namespace",
    "uid": "metadata.uid",
    "ip": "status.podIP",
    "ips": "status.podIPs",
    "node": "spec.nodeName",
    "host_ip": "status.hostIP",
    "service_account": "spec.serviceAccountName",
}
RESOURCE_FACTS = (
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
)
ROOTS = ("services", "needs", "secrets", "env", "pod", "ports", "limits", "requests")
_FACTS = {"environment": ("name", "namespace"), "service": ("name", "team")}
_ANY = (*ROOTS, *_FACTS)
_OWN = rf"\{{((?:{'|'.join(ROOTS)})\.[^}}]*)\}}"
_IN_COMMAND = regex(rf"\$\$|\${_OWN}")
_NO_REFERENCE = regex(_OWN)

_REFERENCE = regex(r"\$\$\{?|\$\{([^}]*)\}|\$\{")
_HALVED = "`$$` is one `$` in commands, in Kubernetes and in compose"
_LITERAL = "write $${ for a literal ${"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a value may refer to besides the context: the process's ports and the variables before it."""

    ports: tuple[Port, ...]
    earlier: frozenset[str]
    secrets: frozenset[str]
    later: frozenset[str] = frozenset()
    """The variable itself and those after it."""
    files: frozenset[str] = frozenset()
    """Secrets that are mounted, and no variables."""


def expand(context: Context, text: str, scope: Scope, at: Route) -> tuple[tuple[Variable, ...], EnvValue]:
    """The value of a text, and the helper variables that must stand before it (secrets inside longer texts)."""
    pieces: list[str] = []
    helpers: dict[str, Variable] = {}
    position = 0
    for match in _REFERENCE.finditer(text):
        pieces.append(text[position : match.start()])
        position = match.end()
        if match[0].startswith("$$"):
            pieces.append("${" if match[0] == "$${" else "$$")
            continue
        if match[1] is None or match[1].startswith("{"):
            _unreadable(context, text[match.start() :], match.start() + 1, at)
            return (), Literal_("")
        value = _value(context, match[1], scope, at)
        if value is None:
            return (), Literal_("")
        if match[0] == text and not isinstance(value, Literal_ | str):
            return (), value
        pieces.append(_inline(value, match[1].strip(), context, scope, at, helpers))
    pieces.append(text[position:])
    return tuple(helpers.values()), Literal_("".join(pieces))


def _unreadable(context: Context, rest: str, column: int, at: Route) -> None:
    """A `${` that no `}` closes, or an expression of some other language."""
    if rest.startswith("${{"):
        what = rest[: rest.find("}}") + 2] if "}}" in rest else "${{"
        message = f"`{what}` is no reference of svc: it has one brace on each side, such as ${{env.HOST}}"
        context.report("reference-unreadable", at, message, help="to write it literally use $${{", words=what)
        return
    shown = rest if len(rest) <= 40 else f"{rest[:37]}..."
    message = f"`{shown}`, from character {column} of the value on, has no closing brace"
    context.report("reference-unclosed", at, message, help=f"write ${{NAME}}; {_LITERAL}", words=rest)


def words(context: Context, given: Sequence[str] | None, scope: Scope, at: Route) -> tuple[str, ...] | None:
    """A command with its references resolved. `${HOME}` and what else begins with no root of ours is the shell's own."""
    if not given:
        return None
    elsewhere = (context.service.env.keys() | context.service.secrets.keys()) - scope.earlier - scope.secrets
    for index, text in enumerate(given):
        for name in dollars.names(text):
            if name in elsewhere:
                message = f"$({name}) stays as it is written: this process has no variable `{name}`, the service has"
                help_ = f"write `{name}` into its own `env`"
                _warn(context, "variable-elsewhere", (*at, index), message, help_, f"$({name})")
        if given[:index][-1:] == ["-c"] and dollars.halved(text):
            help_ = "write $$$$ where a shell shall read two, as for its own process id"
            _warn(context, "dollars-halved", (*at, index), _HALVED, help_, "$$")
    return tuple(_word(context, text, scope, (*at, index), hook=False) for index, text in enumerate(given))


def hook_words(context: Context, given: Sequence[str], scope: Scope, at: Route) -> tuple[str, ...]:
    """The command of a probe or of a hook: Kubernetes puts no variables into it, so only a shell can."""
    for index, text in enumerate(given):
        for name in dollars.names(text):
            if name in scope.earlier | scope.secrets:
                message = f"$({name}) stays as it is written: Kubernetes puts variables into command and args alone"
                help_ = f'let a shell do it: [sh, -c, "... ${name}"]'
                _warn(context, "variable-in-hook", (*at, index), message, help_, f"$({name})")
    return tuple(_word(context, text, scope, (*at, index), hook=True) for index, text in enumerate(given))


def _word(context: Context, text: str, scope: Scope, at: Route, *, hook: bool) -> str:
    def put(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$" if _NO_REFERENCE.match(text, match.end()) else "$$"
        name = match[1].strip()
        value = _value(context, match[1], scope, at)
        if value is None:
            return ""
        if isinstance(value, Literal_) and not (hook and name.startswith(("env.", "secrets."))):
            return value.text
        return refused(name, f"${{{match[1]}}}")  # a URL holds the password

    def refused(name: str, written: str) -> str:
        root, _, own = name.partition(".")
        variable = own if root in ("env", "secrets") else re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
        message = f"${{{name}}} is known only when the pod runs, so it cannot stand in a command"
        first = "" if variable == own else f"write it as a variable, `env: {{{variable}: ${{{name}}}}}`, and "
        help_ = f'{first}let a shell read it: [sh, -c, "... ${variable}"]' if hook else f"{first}$({variable}) here"
        context.report("reference-in-command", at, message, help=help_, words=written)
        return ""

    return _IN_COMMAND.sub(put, text)


def note_later(context: Context, text: str, scope: Scope, at: Route) -> None:
    """Kubernetes leaves `$(NAME)` as it is when NAME comes later."""
    for name in dollars.names(text):
        if name in scope.later:
            own = at[-1:] == (name,)
            message = (
                f"$({name}) stays as it is written: `{name}` {'is this variable' if own else 'comes later in env'}"
            )
            help_ = "write $$ for a $ that is meant" if own else f"move `{name}` up, above this variable"
            _warn(context, "variable-later", at, message, help_, f"$({name})")


def _warn(context: Context, id_: str, at: Route, message: str, advice: str, words: str) -> None:
    context.report(id_, at, message, help=advice, severity=Severity.WARNING, words=words)


def _inline(
    value: EnvValue | str, name: str, context: Context, scope: Scope, at: Route, helpers: dict[str, Variable]
) -> str:
    if isinstance(value, Literal_):
        return value.text
    if isinstance(value, str):  # a text with references of its own
        inner, result = expand(context, value, scope, at)
        helpers.update({one.name: one for one in inner})
        return result.text if isinstance(result, Literal_) else _helper(result, name, at, helpers)
    return _helper(value, name, at, helpers)


def _helper(value: EnvValue, name: str, at: Route, helpers: dict[str, Variable]) -> str:
    variable = "SVC_" + re.sub(r"[^A-Z0-9]+", "_", name.upper())
    helpers[variable] = Variable(variable, value, at)
    return f"$({variable})"


def _value(context: Context, inner: str, scope: Scope, at: Route) -> EnvValue | str | None:
    """What stands for the reference between `${` and `}`."""
    name, written = inner.strip(), f"${{{inner}}}"
    root, _, rest = name.partition(".")
    if root == "services":
        return referred.service(context, rest, at, written)
    if root == "needs":
        return referred.need(context, rest, at, written)
    if root == "pod":
        return _listed(context, inner, rest, {key: PodField(path) for key, path in POD_FACTS.items()}, at)
    if root in {"limits", "requests"}:
        return _listed(context, inner, name, {fact: ContainerResource(fact) for fact in RESOURCE_FACTS}, at)
    if root == "ports":
        return _listed(context, inner, rest, {port.name: Literal_(str(port.number)) for port in scope.ports}, at)
    if root == "env" and rest in scope.later:
        own = at[-1:] == (rest,)
        message = f"${{{name}}}: `{rest}` " + ("refers to itself" if own else "comes later in env")
        advice = "" if own else f"move `{rest}` up, above this variable"
        context.report("reference-later", at, message, help=advice, words=written)
        return None
    if root == "env":
        return _listed(
            context, inner, rest, {key: Literal_(f"$({key})") for key in scope.earlier}, at, "an earlier variable"
        )
    if root == "secrets":
        return _secret(context, inner, rest, scope, at)
    _unrooted(context, name, written, scope, at)
    return None


def _unrooted(context: Context, name: str, written: str, scope: Scope, at: Route) -> None:
    """What begins with no root, or is none but a root."""
    root, _, rest = name.partition(".")
    help_ = _LITERAL
    if root in _FACTS and rest and written != f"${{{name}}}":  # what is filled in before this is written without spaces
        message, help_ = f"{written} has spaces, which what is known of the {root} has not", f"write ${{{name}}}"
    elif root in _FACTS:
        message = f"{written} is not known; known are {', '.join(f'{root}.{fact}' for fact in _FACTS[root])}"
    else:
        variable = name in scope.earlier | scope.later | scope.secrets
        meant = f"; did you mean `${{{'secrets' if name in scope.secrets else 'env'}.{name}}}`?" if variable else ""
        begins = f"a reference begins with {', '.join(_ANY)}{meant or nearest(root, _ANY)}"
        message = f"${{{name}}} refers to nothing: {begins}"
    context.report("reference-unknown", at, message, help=help_, words=written)


def _secret(context: Context, inner: str, key: str, scope: Scope, at: Route) -> EnvValue | None:
    if key not in scope.files:
        return _listed(context, inner, key, {one: Literal_(f"$({one})") for one in scope.secrets}, at)
    message = f"${{{inner.strip()}}} is no variable: `{key}` is mounted as a file"
    advice = f"read the file, or leave `file` out under secrets.{key}"
    context.report("reference-unknown", at, message, help=advice, words=f"${{{inner}}}")
    return None


def _listed(
    context: Context, inner: str, key: str, known: dict[str, EnvValue], at: Route, what: str = ""
) -> EnvValue | None:
    if key in known:
        return known[key]
    listing = ", ".join(sorted(known)) or "none"
    message = f"${{{inner.strip()}}} is not {what or 'known'}; known are {listing}{nearest(key, known)}"
    context.report("reference-unknown", at, message, words=f"${{{inner}}}")
    return None
