"""Backing services beside the tests: the spec's needs as containers, with values that are good for one run only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from svc.delivery.types import THROWAWAY, ServiceContainer
from svc.diagnostics import Problem, Severity
from svc.resolve import dollars
from svc.resolve.types.needs import Need
from svc.resolve.types.process import EnvValue, Literal_, SecretKey
from svc.resolve.types.whole import Resolved

_NAME = "test"
_SCHEMES = {"postgres": "postgresql", "mysql": "mysql", "redis": "redis", "rabbitmq": "amqp", "mongodb": "mongodb"}
_WITHOUT_LOGIN = ("redis",)
_WITHOUT_DATABASE = ("redis", "rabbitmq")


def containers(local: Resolved, publish: bool) -> tuple[tuple[ServiceContainer, ...], tuple[Problem, ...]]:
    """The needs that `ci.test.services` names. One that has no image cannot run beside the tests, and is said so."""
    found, problems = [], []
    for need in _wanted(local):
        if need.image is None:
            problems.append(_no_container(local, need))
            continue
        env = [(variable.name, _value(variable.value, need, publish)) for variable in need.env]
        found.append(
            ServiceContainer(
                name=need.object_name,
                image=need.image.reference,
                port=need.port,
                publish=publish,
                env=tuple((name, value) for name, value in env if value is not None),
                health=need.healthcheck,
                at=need.at,
            )
        )
    return tuple(found), tuple(problems)


def test_environment(local: Resolved, publish: bool) -> tuple[tuple[str, str], ...]:
    """The variables of the main process that have to do with these needs, pointing at their containers.

    `$(NAME)` in them is expanded here, as Kubernetes would: a test has no kubelet.
    """
    needs = [need for need in _wanted(local) if need.image is not None]
    if local.server is None or not needs:
        return ()
    found: dict[str, str] = {}
    known: dict[str, str] = {}
    every = {variable.name for variable in local.server.main.env}
    for variable in local.server.main.env:
        name, value = variable.name, variable.value
        text = next((text for need in needs if (text := _secret(value, need, publish)) is not None), None)
        if text is not None:
            found[name] = known[name] = text
        elif isinstance(value, Literal_) and not (every - known.keys()) & set(dollars.names(value.text)):
            known[name] = _expanded(value.text, needs, known, publish)
            if _concerns(value.text, needs, found):
                found[name] = known[name]
    return tuple(found.items())


def _concerns(text: str, needs: Sequence[Need], found: Mapping[str, str]) -> bool:
    """Whether a text speaks of one of the needs: by host name, by one of its plain outputs, or by a variable that does."""
    plain = {value.text for need in needs for value in need.outputs.values() if isinstance(value, Literal_)}
    hosts = any(_host(need).search(text) for need in needs)
    return hosts or text in plain or any(name in found for name in dollars.names(text))


def _expanded(text: str, needs: Sequence[Need], known: Mapping[str, str], publish: bool) -> str:
    for need in needs if publish else ():
        text = _host(need).sub("localhost", text)
    return dollars.expanded(text, known)


def _host(need: Need) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(need.object_name)}(?![\w.-])")


def _wanted(local: Resolved) -> tuple[Need, ...]:
    return tuple(need for need in local.needs if need.name in local.ci.test_services)


def _value(value: EnvValue, need: Need, publish: bool) -> str | None:
    return value.text if isinstance(value, Literal_) else _secret(value, need, publish)


def _secret(value: EnvValue, need: Need, publish: bool) -> str | None:
    """What stands in for a key of the need's Secret."""
    if isinstance(value, SecretKey) and value.secret == need.secret:
        return _outputs(need, publish).get(_output_of(need, value.key))
    return None


def _output_of(need: Need, key: str) -> str:
    """The output that a key of the need's Secret holds; they may be named differently."""
    for output, value in need.outputs.items():
        if isinstance(value, SecretKey) and value.key == key:
            return output
    return key


def _outputs(need: Need, publish: bool) -> dict[str, str]:
    """Redis asks for no password unless it is started with one, and a container beside tests takes no arguments."""
    plain = {key: value.text for key, value in need.outputs.items() if isinstance(value, Literal_)}
    user, name = plain.get("user", _NAME), plain.get("name", _NAME)
    password = "" if need.type in _WITHOUT_LOGIN else THROWAWAY
    host = "localhost" if publish else need.object_name
    login = f"{user}:{password}@" if password else ""
    database = "" if need.type in _WITHOUT_DATABASE else f"/{name}"
    options = "?authSource=admin" if need.type == "mongodb" else ""
    url = f"{_SCHEMES.get(need.type, need.type)}://{login}{host}:{need.port}{database}{options}"
    return {"url": url, "host": host, "port": str(need.port), "name": name, "user": user, "password": password}


def _no_container(local: Resolved, need: Need) -> Problem:
    return Problem(
        "ci-service-without-container",
        (*local.ci.at, "test", "services", local.ci.test_services.index(need.name)) if local.ci.at else (),
        f"need `{need.name}` of type {need.type} has no container, so the tests run without it",
        "take it out of ci.test.services and replace it in the tests",
        severity=Severity.WARNING,
    )
