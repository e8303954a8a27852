"""Commands of shell texts, and of words that are given one by one."""

from __future__ import annotations

import pytest

from svc.shell import of_words, parse


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("command -v sudo && command -V apk", ["command", "command"]),
        ("command curl a", ["command", "curl"]),
        ("exec tini -- dumb-init -r 15:3 node a.js", ["exec", "tini", "dumb-init", "node"]),
        ("env -u A B=1 nohup node a.js", ["env", "nohup", "node"]),
    ],
)
def test_what_hands_over_to_a_command_starts_it(script: str, names: list[str]) -> None:
    assert [one.name for one in parse(script)] == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("A=1", "env", "B=2", "sh", "-euc", "# don't\nset -e; exec node 'a b'"), ["env", "sh", "set", "exec", "node"]),
        (("echo", "a; b", "$(c)", "#"), ["echo"]),
        (("A=1",), []),
        ((), []),
    ],
)
def test_words_are_not_read_again(words: tuple[str, ...], names: list[str]) -> None:
    assert [one.name for one in of_words(words)] == names
