"""`resources` of Score: backing services become needs, routes the exposure, and each tells what its outputs are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svc.importers.draft import Draft, label
from svc.importers.ledger import View
from svc.importers.score_text import Outputs, Scope, Value
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve.names import need_object
from svc.resolve.needs import KINDS, NOT_MANAGED

_NEEDS = {
    "postgres": "postgres", "postgres-instance": "postgres", "postgresql": "postgres", "mysql": "mysql",
    "redis": "redis", "mongodb": "mongodb", "amqp": "rabbitmq", "rabbitmq": "rabbitmq", "s3": "bucket",
    "s3-bucket": "bucket", "sqs": "queue", "sns": "topic", "sns-topic": "topic",
}  # fmt: skip
_NAMES = {"database": "name", "username": "user", "bucket": "name", "connection": "url", "connection_string": "url",
          "uri": "url", "hostname": "host"}  # fmt: skip
_KEYS = {"access_key_id", "secret_key", "aws_access_key_id", "aws_secret_key", "secret_access_key"}
_SIZES = ("small", "medium", "large")
SETTINGS = ("k8s.score.dev/", "compose.score.dev/")
_SETTING = "a setting of score-compose or score-k8s"
_AMOUNT = regex(r"\d+(\.\d+)?([KMGTP]i?)?")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another workload of the import: its name in the spec, and its ports by their names and numbers in Score."""

    name: str
    ports: Mapping[str, tuple[str, str]]
    """Score's name, or the public number -> name in the spec, number."""


@dataclass(slots=True)
class Known:
    """What the workloads of an import know of each other. `owners`: who has a resource that has an `id`."""

    workloads: Mapping[str, Neighbour]
    owners: dict[Key, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A resource that is read."""

    name: str
    view: View
    draft: Draft
    known: Known
    scope: Scope
    own: Neighbour

    @property
    def to(self) -> str:
        return label(self.name)

    def param(self, name: str) -> str:
        return self.scope.plain(self.view.at("params", name).text).text

    @property
    def key(self) -> Key:
        return self.view.at("type").text.lower(), self.view.at("class").text or "default", self.view.at("id").text


def resources(view: View, draft: Draft, known: Known, scope: Scope, own: Neighbour) -> None:
    """Fills the scope. Routes name hosts of others, so they come last."""
    ones = [Part(name, one, draft, known, scope, own) for name, one in view.items()]
    for part in sorted(ones, key=lambda one: one.key[0] == "route"):
        scope.resources[part.name] = _reader(part.key[0])(part)
        _common(part)


def _reader(type_: str) -> Callable[[Part], Outputs]:
    if type_ in _NEEDS:
        return _need
    if type_.startswith("volume"):
        return _volume
    return {"environment": _environment, "dns": _dns, "route": _route, "service-port": _service_port,
            "service": _workload, "workload": _workload}.get(type_, _other)  # fmt: skip


def _common(part: Part) -> None:
    """What every resource has, as far as its type did not tell."""
    for key, one in part.view.at("metadata").items():
        for name, annotation in one.items() if key == "annotations" else ():
            if name.startswith(SETTINGS):
                annotation.default(_SETTING)
            else:
                annotation.dropped("a resource has no annotations in svc")
        if key != "annotations":
            one.dropped("a resource has no metadata in svc")
    part.view.at("class").default("the usual one") if part.key[1] == "default" else part.view.at("class").dropped(
        "svc has one of each type; how large it is tells `size`"
    )
    part.view.at("id").default("no other workload of the import has the same")
    part.view.at("properties").default("of an older form: outputs are those of the need, or stand where they are used")
    for _, one in part.view.at("params").items():
        one.dropped(f"svc has no word for this parameter of `{part.key[0]}`")


# --- needs -------------------------------------------------------------------------------------------------------


def _need(part: Part) -> Outputs:
    kind, to = _NEEDS[part.key[0]], ("needs", part.to)
    made: dict[str, Any] = {"type": kind, **({"realise": "in-cluster"} if kind in NOT_MANAGED else {})}
    owner = part.known.owners.setdefault(part.key, (part.draft.name, part.to)) if part.key[2] else None
    part.view.at("type").mapped(*to, "type")
    if owner is not None and owner[0] != part.draft.name:
        secret = need_object(*owner)
        made = {"type": kind, "realise": "existing", "secret": secret}
        part.view.at("id").mapped(*to, "secret", reason=f"the need `{owner[1]}` of {owner[0]} is the same one")
        part.draft.missing.append(
            f"`needs.{part.to}`: it is `{owner[1]}` of {owner[0]}, in whose namespace {secret} is"
        )
    version, params = part.view.at("params", "version"), part.view.at("params")
    if version.there:
        made["version"] = version.text
        version.mapped(*to, "version")
    for name in ("storage", "size", "disk"):
        if _AMOUNT.fullmatch(params.at(name).text):
            made["storage"] = params.at(name).text
            params.at(name).mapped(*to, "storage")
    for one in (params.at("size"), part.view.at("class")):
        if one.text in _SIZES:
            made["size"] = one.text
            one.mapped(*to, "size")
    part.draft.set(to, made)
    return lambda output: _output(part, kind, output)


def _output(part: Part, kind: str, output: str) -> Value:
    name = _NAMES.get(output, output)
    if kind == "redis" and name == "user":
        return Value("default", "default")  # the user that a password alone is for
    if kind == "rabbitmq" and name in ("vhost", "virtual_host"):
        return Value("/", "/")
    outputs = KINDS[kind].outputs  # type: ignore[index]
    if name in outputs:
        return Value(f"${{needs.{part.to}.{name}}}")
    if output in _KEYS:
        return Value(wrong="the pods' own identity opens the bucket, without keys", needless=True)
    return Value(wrong=f"a {kind} of svc has no output `{output}`; it has {', '.join(outputs)}")


# --- names and ways in -------------------------------------------------------------------------------------------


def _dns(part: Part) -> Outputs:
    first = (part.key[2] or part.draft.name).partition(".")[0]
    host = part.param("host") or part.param("hostname") or f"{label(first, 63)}.example.com"
    for name in ("host", "hostname"):
        if part.view.at("params", name).there:
            part.view.at("params", name).default("the host name that placeholders get")
    if host.endswith(".example.com"):
        part.draft.missing.append(f"`{host}` stands for the host name that the platform gives: write yours")
    part.view.at("type").default("names in DNS are made of `expose`")
    return lambda output: (
        Value(host, host) if output in ("host", "hostname", "") else Value(wrong="a name in DNS has the output host")
    )


def _route(part: Part) -> Outputs:
    """One host, with the paths of every route to it."""
    host, path, wanted = part.param("host"), part.param("path") or "/", part.param("port")
    port = part.own.ports.get(wanted)
    there = part.draft.get("expose", "host")
    if not host or port is None or there not in (None, host):
        part.view.at("type").dropped(
            "the exposure has one list of hosts and paths: add this one as a patch, or as an object of your own"
            if there not in (None, host)
            else f"it names no {'port of the service' if host else 'host'}: complete `expose`"
        )
        return lambda _: Value(wrong="a route has no outputs")
    part.draft.set(("expose", "host"), host)
    part.draft.set(("expose", "paths"), [*(part.draft.get("expose", "paths") or []), {"path": path, "port": port[0]}])
    part.view.at("type").mapped("expose")
    index = len(part.draft.get("expose", "paths")) - 1
    for key, to in (("host", ("host",)), ("path", ("paths", index, "path")), ("port", ("paths", index, "port"))):
        part.view.at("params", key).mapped("expose", *to)
    return lambda _: Value(wrong="a route has no outputs")


def _service_port(part: Part) -> Outputs:
    name, wanted = part.param("workload"), part.param("port")
    other = part.known.workloads.get(name)
    port = other.ports.get(wanted) if other is not None else None
    if other is None or port is None or other.name == part.draft.name:
        return _elsewhere(part, name, wanted)
    part.view.at("type").mapped("access")
    for key in ("workload", "port"):
        part.view.at("params", key).mapped("access", reason="references name the other service, and let this one in")
    values = {
        "hostname": Value(f"${{services.{other.name}.host}}", other.name),
        "port": Value(f"${{services.{other.name}.{port[0]}.port}}", port[1]),
    }
    values["host"] = values["hostname"]
    return lambda output: values.get(output, Value(wrong="a port of a service has the outputs hostname and port"))


def _elsewhere(part: Part, name: str, port: str) -> Outputs:
    """A workload that is not imported along: its name is its address, of its ports only a number is known."""
    if not name:
        part.view.at("type").dropped("it names no workload")
        return lambda _: Value(wrong="it names no workload")
    service = label(name)
    part.view.at("type").mapped("access", "to")
    part.view.at("params", "workload").mapped("access", "to")
    _reach(part.draft, service)
    part.draft.missing.append(f"`access.to`: {name} is not imported along: refer to it by ${{services.{service}.PORT}}")
    known = port if port.isdigit() else ""
    if known:
        part.view.at("params", "port").mapped("access", "to")
    lost = f"{name} is not imported along, so the number of its port `{port}` is not known"
    return lambda output: (
        Value(service, service)
        if output in ("hostname", "host", "name", "")
        else Value(known, known)
        if known and output == "port"
        else Value(wrong=lost)
    )


def _workload(part: Part) -> Outputs:
    """A dependency on another workload, of older files: the resource has its name."""
    other = part.known.workloads.get(part.key[2] or part.name)
    if other is None or other.name == part.draft.name:
        return _elsewhere(part, part.key[2] or part.name, "")
    part.view.at("type").mapped("access", "to")
    _reach(part.draft, other.name)
    host = Value(f"${{services.{other.name}.host}}", other.name)
    ports = list(other.ports.values())
    port = Value(f"${{services.{other.name}.{ports[0][0]}.port}}", ports[0][1]) if ports else Value(wrong="no port")
    return lambda output: port if output == "port" else host


def _reach(draft: Draft, service: str) -> None:
    draft.set(("access", "to"), sorted({*(draft.get("access", "to") or []), service}))


# --- the rest ----------------------------------------------------------------------------------------------------


def _volume(part: Part) -> Outputs:
    """Its mounts make the volume: see `score_files`."""
    part.view.at("type").default("the containers that mount it have it under `volumes`")
    return lambda output: Value(part.name, part.name) if output in ("", "source") else Value(wrong="it is a volume")


def _environment(part: Part) -> Outputs:
    """Variables of whoever runs the generator. Older files have their defaults under `properties`."""
    part.view.at("type").default("its variables stand under `env`, one by one")
    properties = part.view.at("properties")

    def output(name: str) -> Value:
        default = properties.at(name, "default")
        if default.there:
            default.default("the value of the variables that ask for it")
            properties.at(name, "type").default("variables are texts")
            return Value(default.text, default.text)
        return Value(wrong="it comes from the environment of the generator, which svc does not read: write the value")

    return output


def _other(part: Part) -> Outputs:
    type_ = part.view.at("type").text
    reason = f"svc has no need of type `{type_}`, only {', '.join(sorted(KINDS))}"
    part.view.at("type").dropped(f"{reason}: write the address of an existing one under `env`, and under `access.to`")
    return lambda output: Value(wrong=f"svc has no need of type `{type_}`: write its {output or 'address'}")
