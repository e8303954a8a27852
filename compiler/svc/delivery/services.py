"""Backing services beside the tests: the spec's needs as containers, with values that are good for one run only."""

from __future__ import annotations

from svc.delivery.types import ServiceContainer
from svc.diagnostics import Problem, Severity
from svc.resolve.types import EnvValue, Literal_, Need, Resolved, SecretKey

_THROWAWAY = "ci-only"
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
    """The variables of the main process that come from these needs, pointing at their containers."""
    if local.server is None:
        return ()
    needs = {need.secret: need for need in _wanted(local) if need.image is not None}
    found = []
    for variable in local.server.main.env:
        value = variable.value
        if isinstance(value, SecretKey) and value.secret in needs:
            text = _value(value, needs[value.secret], publish)
            if text is not None:
                found.append((variable.name, text))
    return tuple(found)


def _wanted(local: Resolved) -> tuple[Need, ...]:
    return tuple(need for need in local.needs if need.name in local.ci.test_services)


def _value(value: EnvValue, need: Need, publish: bool) -> str | None:
    if isinstance(value, Literal_):
        return value.text
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
    host = "localhost" if publish else need.object_name
    login = "" if need.type in _WITHOUT_LOGIN else f"{_THROWAWAY}:{_THROWAWAY}@"
    database = "" if need.type in _WITHOUT_DATABASE else f"/{_THROWAWAY}"
    options = "?authSource=admin" if need.type == "mongodb" else ""
    scheme = _SCHEMES.get(need.type, need.type)
    return {
        "url": f"{scheme}://{login}{host}:{need.port}{database}{options}",
        "host": host,
        "port": str(need.port),
        "name": _THROWAWAY,
        "user": _THROWAWAY,
        "password": _THROWAWAY,
    }


def _no_container(local: Resolved, need: Need) -> Problem:
    return Problem(
        "ci-service-without-container",
        (*local.ci.at, "test", "services") if local.ci.at else (),
        f"need `{need.name}` of type {need.type} has no container, so the tests run without it",
        "take it out of ci.test.services and replace it in the tests",
        severity=Severity.WARNING,
    )
