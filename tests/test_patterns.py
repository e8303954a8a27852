"""Patterns that wait, and texts for which they need not even be compiled."""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import svc
from svc.patterns import in_command, like, regex
from svc.policy.load import load

PACKAGE = Path(svc.__file__).parent
POLICIES = PACKAGE.parents[1] / "policies"
_AT_MODULE = re.compile(r"^([A-Z_]\w*) = regex\(", re.M)


def _needing() -> dict[str, Any]:
    """All patterns of the package that say what they need, by the module and the name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        text = file.read_text("utf-8")
        if "needs=" not in text or file.name == "patterns.py":
            continue
        name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        __import__(name)
        for one in _AT_MODULE.findall(text):
            pattern = getattr(sys.modules[name], one)
            if hasattr(pattern, "needs"):
                found[f"{name}.{one}"] = pattern
    return found


NEEDING = _needing()


def test_there_are_patterns_that_say_what_they_need() -> None:
    assert len(NEEDING) > 20


@pytest.mark.parametrize("name", sorted(NEEDING))
def test_what_a_pattern_needs_stands_in_all_that_matches(name: str) -> None:
    pattern = NEEDING[name]
    compiled = re.compile(*pattern._given)

    @settings(max_examples=60, deadline=None)
    @given(st.from_regex(compiled))
    def holds(text: str) -> None:
        assert pattern.may(text)

    holds()


def _fresh() -> re.Pattern[str]:
    return regex(r"(a|b)key=(\d)", re.IGNORECASE, needs=("key",))


def test_a_pattern_that_needs_something_is_the_pattern() -> None:
    compiled = re.compile(r"(a|b)key=(\d)", re.IGNORECASE)
    for text in ("akey=1 and bKEY=2", "nothing", "", "a\u212aey=1"):
        for method in ("search", "match", "fullmatch"):
            assert str(getattr(_fresh(), method)(text)) == str(getattr(compiled, method)(text))
        assert _fresh().findall(text) == compiled.findall(text)
        assert [str(one) for one in _fresh().finditer(text)] == [str(one) for one in compiled.finditer(text)]
        assert _fresh().sub("-", text) == compiled.sub("-", text)


def test_a_pattern_is_not_compiled_for_texts_without_what_it_needs() -> None:
    pattern: Any = regex(r"(a|b)key", needs=("key",))
    assert pattern.search("nothing") is None
    assert pattern.__dict__.get("_compiled") is None
    assert pattern.search("akey") is not None
    assert pattern.__dict__.get("_compiled") is not None


COMMANDS = (
    *("apt-get install -y curl", "apt install curl", "aptitude upgrade", "apk add curl", "yum update", "dnf clean all"),
    *(
        "curl -k https://x",
        "wget --no-check-certificate x",
        "useradd --uid 1234567 x",
        "ln -s /bin/bash /bin/sh",
        "sudo x",
    ),
    *(
        "pip install x",
        "python3 -m pip install -r x",
        "rm -rf /var/lib/apt/lists",
        "cd /x",
        "ssh x",
        "ps",
        "npm ci",
        "",
    ),
    *("DEBIAN_FRONTEND=x apt-get install x", "echo apt-get install", "aptx install", "apt", "zypper in x", "chpasswd"),
    *("echo a:b | chpasswd", "git -c http.sslVerify=false clone x", "npm config set strict-ssl false", "yarn install"),
)


def _texts(given_: Any) -> list[str]:
    return [given_] if isinstance(given_, str) else list(given_ or ())


@given(st.sampled_from(COMMANDS), st.sampled_from(("", " install", " -k", " upgrade -y", " --insecure")))
def test_patterns_of_policies_find_what_they_find(command: str, more: str) -> None:
    patterns = {
        text
        for one in load([POLICIES]).policies
        if one.surface in ("docker", "github")
        for key in ("pattern", "unless", "first", "needs", "patterns")
        for text in _texts(one.params.get(key))
    }
    assert len(patterns) > 20
    for pattern in patterns:
        assert str(in_command(pattern, command + more)) == str(re.search(pattern, command + more)), pattern


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a|b)\\b.*x|^c y", "c y"),
        ("^(a|b)\\b.*x|c y", "and c y"),
        ("^a\\b[|^]x|^b\\b", "a|x"),
        ("^a\\b[]|]x|^b\\b", "a]x"),
        ("^a\\b\\|x|^b\\b", "a|x"),
        ("^a*b", "b"),
        ("^ps( |$)", "ps"),
        ("^a|b", "zb"),
        ("^(a|b)?c", "c"),
        ("(^a|b)\\b", "x b"),
        ("(?i)^apt\\b", "APT"),
        ("^a\\b(x|^y)|^z ", "z "),
        ("", "x"),
        ("abc?d", "abd"),
        ("abc*", "ab"),
        ("a{0}bc", "bc"),
        ("(abc|bd)?e", "e"),
        ("\\b(abc|bd)e", "x bde"),
        ("--no-x|--all", "y --all"),
        ("/dev/(tcp|udp)/", "x /dev/udp/y"),
        ("ab+", "ab"),
    ],
)
def test_first_words_are_only_asked_for_where_they_must_stand(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
    assert in_command(pattern, text)


@given(
    st.text("ab*?[].-/!", max_size=6),
    st.text("ab.-/", max_size=6),
)
def test_a_name_is_like_what_fnmatch_says(glob: str, name: str) -> None:
    assert like(name, glob) == fnmatchcase(name, glob)
    assert like(f"{name}ab", f"{name}*") == fnmatchcase(f"{name}ab", f"{name}*")
