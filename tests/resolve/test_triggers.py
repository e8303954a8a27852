"""What a trigger cannot be told is said with advice that works as it stands."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from svc.diagnostics import Diagnostic
from svc.pipeline import Request, compile_

SPEC: dict[str, Any] = {
    "apiVersion": "svc/v1",
    "name": "mailer",
    "image": f"ghcr.io/acme/mailer:1.4.2@sha256:{'a' * 64}",
    "command": ["/mailer"],
    "ports": {"http": 8080},
    "needs": {
        "mq": {"type": "rabbitmq", "realise": "in-cluster"},
        "db": {"type": "postgres", "realise": "in-cluster"},
    },
    "secrets": {"TOKEN": "shop/mail"},
}
ADVICE = re.compile(r"write (?:it|the whole text) as a variable, `(env: .*)`, and `(\w+): (\w+)` here")


def said(folder: Path, metadata: dict[str, str], env: dict[str, str] | None = None) -> list[Diagnostic]:
    triggers = {"big-mails": {"type": "rabbitmq", "metadata": {"queueName": "a", **metadata}}}
    spec = {**SPEC, "env": env or {}, "scale": {"max": 9, "triggers": triggers}}
    (folder / "service.yaml").write_text(yaml.safe_dump(spec), "utf-8")
    made = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 11, 24), targets=("helm",)))
    return [one for one in made.diagnostics if one.id.startswith("trigger")]


@pytest.mark.parametrize(
    ("text", "name", "variable"),
    [
        ("${pod.name}", "pod.name", "POD_NAME"),
        ("http://${pod.ip}:80/x", "pod.ip", "BIG_MAILS_HOST"),
        ("${needs.mq.url}/shop", "needs.mq.url", "BIG_MAILS_HOST"),
        ("amqp://u:${secrets.TOKEN}@mq", "secrets.TOKEN", "BIG_MAILS_HOST"),
        ("user=${needs.db.user} password=${needs.db.password}", "needs.db.password", "BIG_MAILS_HOST"),
        ('say "${pod.name}" \\ {x}: #', "pod.name", "BIG_MAILS_HOST"),
    ],
)
def test_advice_for_what_only_the_pod_knows_can_be_taken(text: str, name: str, variable: str, tmp_path: Path) -> None:
    found = said(tmp_path, {"host": text})
    assert [one.message for one in found] == [f"`{name}` is known only in the pod, and KEDA asks from outside of it"]
    match = ADVICE.fullmatch(found[0].help)
    assert match is not None
    assert match.groups()[1:] == ("hostFromEnv", variable)
    env = yaml.safe_load(match[1])["env"]
    assert env == {variable: text}
    assert not said(tmp_path, {match[2]: match[3]}, env)


def test_what_stands_in_a_variable_already_is_named(tmp_path: Path) -> None:
    found = said(tmp_path, {"host": "${needs.mq.url}/shop"}, {"MAIL_URL": "${needs.mq.url}/shop"})
    assert [one.help for one in found] == ["write `hostFromEnv: MAIL_URL`, the name of the variable"]
    found = said(tmp_path, {"host": "${secrets.TOKEN}"})
    assert [one.help for one in found] == ["write `hostFromEnv: TOKEN`, the name of the variable"]


def test_names_of_keys_are_parted_and_long_texts_are_not_repeated(tmp_path: Path) -> None:
    found = said(tmp_path, {"vhostName": f"{'x' * 90}-${{pod.name}}"})
    wanted = "write the whole text as a variable, `env: {BIG_MAILS_VHOST_NAME: <this text>}`, and `vhostNameFromEnv: BIG_MAILS_VHOST_NAME` here"
    assert [one.help for one in found] == [wanted]


@pytest.mark.parametrize("text", ["$(SVC_X)", "$(SVC_X) $${y}", "${ports.http}-$(SVC_X)", "$(SVC_" + "X" * 100 + ")"])
def test_a_variable_of_ours_that_nobody_wrote_is_the_whole_text(text: str, tmp_path: Path) -> None:
    """Not one of its references is at fault."""
    (found,) = said(tmp_path, {"host": text})
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    assert found.message == f"`{shown}` is known only in the pod, and KEDA asks from outside of it"
    assert "`hostFromEnv: BIG_MAILS_HOST` here" in found.help
    span = found.place.span
    assert span is not None
    line = (tmp_path / "service.yaml").read_text("utf-8").splitlines()[span.line - 1]
    assert text[:20] in line[span.column - 1 :]
