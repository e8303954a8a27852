"""Rules of secrets in plain text: the patterns of `svc.checks.secrets` as RE2 has them."""

from __future__ import annotations

import itertools
import re

from svc.checks import secrets
from svc.checks._params import NoParams
from svc.checks.kubernetes.cel.text import CONTAINER, both, each, items, text, texts, value, within
from svc.checks.kubernetes.cel.types import PODS, Rule
from svc.patterns import regex

_COMMENT = regex(r"\s+#.*")
_SPACE = r"\s\v\x1c-\x1f\x85\p{Z}"
"""What Python means by `\\s`."""
_WORDS = "(?:[a-z0-9]+[^a-z0-9A-Z]|[^a-z0-9])*[a-z0-9]*"
"""The parts of a name that begin where a capital follows a small letter or digit."""


def re2(pattern: re.Pattern[str]) -> str:
    """A pattern of `checks.secrets` on one line, for RE2."""
    plain = pattern.pattern
    if pattern.flags & re.VERBOSE:
        plain = re.sub(r"\s+", "", _COMMENT.sub("", plain))
    flags = "(?i)" if pattern.flags & re.IGNORECASE else ""
    return flags + plain.replace(r"\s", _SPACE)


def _spelled(name: str) -> str:
    return f'{name}.findAll({text(_WORDS)}).join("_").replace("-", "_").replace(".", "_")'


def named_secret(name: str, what: str) -> str:
    """Whether a variable is expected to hold a secret, and does. One that has the name of a Secret, or of something
    else, must look drawn at random."""
    drawn = f"{_random(what)} && !{what}.matches({text(re2(secrets.CALLED))})"
    held = f"(n.matches({text(re2(secrets.NAMES_ONE))}) ? ({drawn}) : ({_plain(what)}))"
    return f"[{_spelled(name)}].exists(n, {_sounds()} && {_given(what)} && {held})"


def _sounds() -> str:
    named = " || ".join(f"n.matches({text(re2(one))})" for one in (secrets.NAME, secrets.COMPACT))
    key = text(re2(secrets.KEY_SUFFIX))
    about = f"n.substring(0, size(n) - size(n.find({key}))).matches({text(re2(secrets.ABOUT))})"
    return f"({named}) && !{about}"


def may_name_secret(name: str) -> str:
    """Whether a variable of this name holds a secret when its value looks like one, too."""
    others = (secrets.ABOUT, secrets.WEAK_ABOUT, secrets.NAMES_ONE)
    about = " || ".join(f"n.matches({text(re2(one))})" for one in others)
    first = f"{name}.matches({text('(?i)^secret|key[-_.]?[0-9]*$|salt$|pepper$')})"
    return f"{first} && [{_spelled(name)}].exists(n, n.matches({text(re2(secrets.WEAK))}) && !({about}))"


def _random(what: str) -> str:
    kinds = " + ".join(f'({what}.matches("{one}") ? 1 : 0)' for one in ("[a-z]", "[A-Z]", "[0-9]"))
    return f"size({what}) >= 12 && !{what}.matches({text(re2(secrets.NO_KEY))}) && {kinds} >= 2"


def holds_secret(what: str) -> str:
    """The long patterns are tried where their first letters are: an evaluation is paid by the letter."""
    begins = "|".join(re.escape(mark).replace("\\-", "-") for one in _alternatives() for mark in _beginnings(one))
    known = f"({what}.matches({text(begins)}) && {what}.matches({text(re2(secrets.KNOWN))}))"
    block = f'({what}.contains("PRIVATE KEY-----") && {what}.matches({text(re2(secrets.KEY_BLOCK))}))'
    return f"{known} || {block} || ({_password(what)})"


def _password(what: str) -> str:
    """A password in the first URL that has one, unless it is filled in later or blacked out."""
    first = f"{what}.findAll({text(re2(secrets.URL_PASSWORD))}, 1)"
    after = 'map(m, m.substring(m.indexOf("://") + 3)).map(m, m.substring(m.indexOf(":") + 1, size(m) - 1))'
    said = f"exists(p, !p.matches({text(re2(secrets.REFERENCE))}) && p.matches({text('[^*xX]')}))"
    return f'{what}.contains("://") && {first}.{after}.{said}'


def _given(what: str) -> str:
    """Whether a value is no reference, path or placeholder."""
    paths = " || ".join(f"{what}.startsWith({text(one)})" for one in ("/", "./", "http://", "https://"))
    return " && ".join(
        (
            f"!({what}.lowerAscii() in {texts(sorted(secrets.PLACEHOLDERS))})",
            f"!{what}.matches({text(re2(secrets.REFERENCE))})",
            f"!({paths})",
            f"!{what}.matches({text(re2(secrets.TO_BE_FILLED))})",
        )
    )


def _plain(what: str) -> str:
    """Whether the value of what is named like a secret is one."""
    some = f'(size({what}) >= 3 && !{what}.replace(".", "").matches("^[0-9]+$"))'
    return f'{some} || (size({what}) >= 6 && {what}.matches("^[0-9]+$"))'


def is_secret(name: str, what: str) -> str:
    named = f"{named_secret(name, 't')} || ({may_name_secret(name)} && {_given('t')} && {_random('t')})"
    return f'[{what}.trim()].exists(t, t != "" && ({holds_secret("t")} || {named}))'


def _names_variable(name: str, what: str) -> str:
    """Whether a setting says which variable has the secret."""
    setting, said = (
        one + "".join(f'.replace("{mark}", "")' for mark in "-_.")
        for one in (f"{name}.lowerAscii()", f"{what}.lowerAscii()")
    )
    return (
        f"{what}.matches({text(re2(secrets.VARIABLE))}) && ({said}.contains({setting}) || {setting}.contains({said}))"
    )


def env_secret(_: NoParams) -> Rule:
    variables = each(
        items("c", "env"),
        "e",
        is_secret("e.name", value("e", "value")),
        '"variable `" + e.name + "` of " + ' + CONTAINER,
    )
    option = 'w.matches("(?s)^--?[A-Za-z][A-Za-z0-9_-]*=.+$")'
    named, said = 'w.find("[A-Za-z][A-Za-z0-9_-]*")', 'w.substring(w.indexOf("=") + 1)'
    argument = f"({option} && {is_secret(named, said)}) || {holds_secret('w')}"
    words = f"({items('c', 'command')} + {items('c', 'args')})"
    arguments = each(words, "w", argument, '"an argument of " + ' + CONTAINER)
    return Rule(PODS, within("variables.containers", "c", both(variables, arguments)))


def config_secret(_: NoParams) -> Rule:
    """A ConfigMap has up to a megabyte, and every pattern is paid by the letter: each is tried only where its first
    letters are found, and each by an expression of its own, since each has a budget of its own."""
    line = '!variables.data[k].contains("\\n") && [variables.data[k].trim()].exists(t, '
    named = f'{line}t != "" && {named_secret("k", "t")} && !({_names_variable("k", "t")}))'
    looked = f"{line}{_given('t')} && {_random('t')} && !({_names_variable('k', 't')}))"
    tried = [("named", named), ("looked", f"{may_name_secret('k')} && {looked}")]
    tried += [(f"known{index}", _tried(one)) for index, one in enumerate(_alternatives())]
    tried += [("keyBlock", _marked(("PRIVATE KEY-----",), re2(secrets.KEY_BLOCK)))]
    tried += [("url", 'variables.data[k].contains("@") && ' + _password("variables.data[k]"))]
    variables = [(name, f"variables.data.filter(k, {wrong})") for name, wrong in tried]
    found = " + ".join(f"variables.{name}" for name, _ in tried)
    data = ("data", value("dyn(object)", "data", default="{}"))
    return Rule(("ConfigMap",), f'({found}).map(k, "key `" + k + "`")', (data, *variables))


def _tried(alternative: str) -> str:
    return _marked(_beginnings(alternative), f"(?:^|[^A-Za-z0-9]){alternative}")


def _marked(marks: tuple[str, ...], pattern: str) -> str:
    there = " || ".join(f"variables.data[k].contains({text(mark)})" for mark in marks)
    return f"({there}) && variables.data[k].matches({text(pattern)})"


def _alternatives() -> list[str]:
    """The forms of the known keys, each by itself."""
    inner = re2(secrets.KNOWN).removeprefix("(?:^|[^A-Za-z0-9])(?:").removesuffix(")")
    return inner.split("|")


def _beginnings(pattern: str) -> tuple[str, ...]:
    """The letters that a form begins with; a short beginning goes on with a set: `gh[pousr]_`."""
    found = re.match(r"((?:\w|-|\\\.)+)(?:\[([a-z]+)\](\w))?", pattern)
    if found is None:
        raise ValueError(f"no letters to look for first: {pattern}")
    first = found[1].replace("\\", "")
    if found[2] is None or len(first) > 2:
        return (first,)
    return tuple("".join(one) for one in itertools.product([first], found[2], [found[3]]))
