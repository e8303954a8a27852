"""What variables are on a developer's machine: needs are neighbours, secrets come from `.env`, pod facts are local."""

from __future__ import annotations

import re
from collections.abc import Mapping

from svc.diagnostics import Problem, Severity
from svc.records import dataclass, field
from svc.resolve import dollars
from svc.resolve.types.needs import Need
from svc.resolve.types.process import (
    ConfigKey,
    ContainerResource,
    EnvValue,
    Literal_,
    PodField,
    Process,
    SecretKey,
    Variable,
)
from svc.resolve.types.whole import Resolved
from svc.targets.compose.types import Wanted

_POD = {
    "metadata.namespace": "local",
    "spec.nodeName": "localhost",
    "status.hostIP": "127.0.0.1",
    "status.podIP": "127.0.0.1",
    "status.podIPs": "127.0.0.1",
}
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_SCHEMES = {"postgres": "postgresql", "mysql": "mysql", "rabbitmq": "amqp", "mongodb": "mongodb", "redis": "redis"}


@dataclass(slots=True)
class Local:
    """What is collected while one environment is lowered: what `.env` must hold, and what is only nearly the same."""

    one: Resolved
    wanted: dict[str, Wanted] = field(default_factory=dict)
    secret_files: dict[str, Wanted] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def ask(self, name: str, what: str, optional: bool = False) -> str:
        """Compose's own way to take a value from `.env` or the environment, and to stop when it is not there."""
        known = self.wanted.get(name)
        self.wanted[name] = Wanted(name, what, optional and (known is None or known.optional))
        return f"${{{name}:-}}" if optional else f"${{{name}:?set it in .env, see .env.example}}"


def escaped(text: str) -> str:
    """A text in which compose replaces nothing."""
    return text.replace("$", "$$")


def environment(local: Local, process: Process, variables: tuple[Variable, ...]) -> dict[str, str]:
    """Variables in order; `$(NAME)` is replaced here, because compose does not know it."""
    found: dict[str, str] = {}
    for variable in variables:
        found[variable.name] = _value(local, process, variable, found)
    return found


def _value(local: Local, process: Process, variable: Variable, known: Mapping[str, str]) -> str:
    value: EnvValue = variable.value
    if isinstance(value, Literal_):
        return literal(value.text, known)
    if isinstance(value, SecretKey):
        return _secret(local, variable.name, value)
    if isinstance(value, ConfigKey):
        for config in local.one.configs:
            if config.name == value.config and value.key in dict(config.data):
                return escaped(dict(config.data)[value.key])
        return local.ask(variable.name, f"key {value.key} of the ConfigMap {value.config}", value.optional)
    if isinstance(value, PodField):
        return _pod(local, process, variable, value)
    return _resource(local, process, variable, value)


def literal(text: str, known: Mapping[str, str]) -> str:
    """What the container would see in Kubernetes, in a form that compose leaves alone."""
    return dollars.expanded(text, known, escaped)


def _secret(local: Local, name: str, value: SecretKey) -> str:
    for need in local.one.needs:
        if need.secret == value.secret and need.image is not None:
            return need_value(local, need, value.key)
    return local.ask(name, f"key {value.key} of the secret {value.secret}", value.optional)


def need_value(local: Local, need: Need, output: str) -> str:
    """An output of a need that runs beside us."""
    user = re.sub(r"[^a-z0-9_]", "_", local.one.name)[:32]
    database = user
    host = f"{need.object_name}:{need.port}"
    if output == "host":
        return need.object_name
    if output == "port":
        return str(need.port)
    if output == "name":
        return need.name if need.type in ("bucket", "queue", "topic") else database
    if output in ("user", "access_key"):
        return user
    if output in ("password", "secret_key"):
        return _password(local, need)
    if output in ("url", "endpoint") and need.type in ("bucket", "queue", "topic"):
        return f"http://{host}" + (f"/000000000000/{need.name}" if need.type == "queue" and output == "url" else "")
    if output == "url":
        login = "" if need.type == "redis" else user
        account = f"{login}:{_password(local, need)}@" if login or "password" in need.outputs else ""
        path = {"redis": "/0", "rabbitmq": "/", "mongodb": f"/{database}?authSource=admin"}.get(
            need.type, f"/{database}"
        )
        return f"{_SCHEMES[need.type]}://{account}{host}{path}"
    variable = f"{need.name}_{output}".upper().replace("-", "_")
    return local.ask(variable, f"{output} of {need.name}")


def _password(local: Local, need: Need) -> str:
    variable = f"{need.name}_PASSWORD".upper().replace("-", "_")
    return local.ask(
        variable, f"password of the local {need.type} {need.name}; letters and digits, as it is part of URLs"
    )


def _pod(local: Local, process: Process, variable: Variable, value: PodField) -> str:
    text = _POD.get(value.path, process.name if value.path in ("metadata.name", "metadata.uid") else local.one.name)
    _nearly(local, variable, f"`{value.path}` is a fact of a pod; in compose it is {text!r}")
    return escaped(text)


def _resource(local: Local, process: Process, variable: Variable, value: ContainerResource) -> str:
    kind, _, name = value.resource.partition(".")
    amount = dict(process.resources.limits if kind == "limits" else process.resources.requests).get(name, "")
    if not amount:
        _nearly(local, variable, f"`{value.resource}` is not set, and compose has no node to ask; it is 0")
        return "0"
    if name == "cpu":
        return str(-(-millicores(amount) // 1000))
    return str(size(amount))


def _nearly(local: Local, variable: Variable, message: str) -> None:
    local.problems.append(Problem("compose-local-value", variable.at, message, severity=Severity.INFO))


def size(quantity: str) -> int:
    """Bytes of a Kubernetes quantity."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kMGT]i?|Ki|)", quantity)
    return int(float(match.group(1)) * _UNITS[match.group(2)]) if match else 0


def memory(quantity: str) -> str:
    """A Kubernetes quantity in compose's words, whose units are powers of 1024."""
    amount = size(quantity)
    for unit, factor in (("g", 2**30), ("m", 2**20), ("k", 2**10)):
        if amount and amount % factor == 0:
            return f"{amount // factor}{unit}"
    return f"{amount}b"


def millicores(quantity: str) -> int:
    return int(quantity[:-1]) if quantity.endswith("m") else round(float(quantity) * 1000)
