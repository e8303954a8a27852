"""Single values of a service, as compose-go reads them."""

from __future__ import annotations

from typing import Any

import pytest

from svc.diagnostics import Route
from svc.parse import parse_one
from svc.source import Source
from svc.targets.compose.schema import problems

REFUSED = {
    "deploy: {replicas: two}": ("deploy", "replicas"),
    "privileged: maybe": ("privileged",),
    "stdin_open: '1'": ("stdin_open",),
    "healthcheck: {test: a, retries: three}": ("healthcheck", "retries"),
    "healthcheck: {disable: ja}": ("healthcheck", "disable"),
    "cpus: half": ("cpus",),
    "deploy: {resources: {limits: {cpus: half}}}": ("deploy", "resources", "limits", "cpus"),
    "ulimits: {nofile: {soft: x, hard: 1}}": ("ulimits", "nofile", "soft"),
    "pids_limit: all": ("pids_limit",),
    "volumes: [{type: volume, target: /a, read_only: ro}]": ("volumes", 0, "read_only"),
    "user: 1000": ("user",),
    "command: [sleep, 5]": ("command", 1),
    "restart: false": ("restart",),
    "hostname: 1": ("hostname",),
    "stop_grace_period: 30": ("stop_grace_period",),
    "pull_policy: sometimes": ("pull_policy",),
    "ports: ['a:80']": ("ports", 0),
    "ports: ['80/http']": ("ports", 0),
    "ports: ['80-90:80-85']": ("ports", 0),
    "ports: ['90-80:80']": ("ports", 0),
    "ports: ['256.1.1.1:80:80']": ("ports", 0),
    "ports: ['::x:80:80']": ("ports", 0),
    "ports: ['8080:']": ("ports", 0),
    "ports: [80, {published: 8080}]": ("ports", 1),
    "ports: [{target: x}]": ("ports", 0, "target"),
    "ports: [{target: 80, host_ip: here}]": ("ports", 0, "host_ip"),
    "volumes: ['']": ("volumes", 0),
    "volumes: [{type: bind, source: ./a}]": ("volumes", 0),
    "volumes: [{type: bind, target: /a}]": ("volumes", 0),
    "{tmpfs: [/a], volumes: ['./a:/a']}": ("volumes", 0),
    "network_mode: 'service:c'": ("network_mode",),
    "ipc: 'service:c'": ("ipc",),
    "links: ['c:x']": ("links", 0),
    "volumes_from: ['c:ro']": ("volumes_from", 0),
    "models: [llm]": ("models", 0),
    "build: {context: ., secrets: [c]}": ("build", "secrets", 0),
    "{container_name: web, scale: 2}": ("container_name",),
    "{container_name: web, deploy: {replicas: 3}}": ("container_name",),
    "develop: {watch: [{action: sync, path: .}]}": ("develop", "watch", 0),
}
TAKEN = """\
deploy: {replicas: "2"}
deploy: {replicas: "${REPLICAS:-two}"}
{privileged: "yes", tty: "True", init: "off"}
{cpus: ".5", mem_limit: 1.5g, pids_limit: "-1", oom_score_adj: "+5"}
deploy: {resources: {limits: {cpus: 0.5, pids: "10"}}}
ulimits: {nofile: "1024", nproc: {soft: 1, hard: "2"}}
{user: "1000", environment: {A: 1, B: true, C: }, labels: {a: 1.5}, expose: [80]}
pull_policy: every_12h
ports: [80, "8080:80", "8000-8010:80", "80-81:90-91/udp", "127.0.0.1::80", "[::1]:80:80", "::1:6000:6000", "${IP}:80:80"]
ports: [{target: 80, published: "8000-8010", host_ip: 127.0.0.1}]
ports: [":80"]
{tmpfs: ["/a", "/a:size=1m"], volumes: ["./b:/b"]}
volumes: ["/a:/b", "./c:/b", {type: volume, target: /d}, {type: tmpfs, target: /e}]
{network_mode: "service:b", links: [b], volumes_from: ["container:x", b]}
network_mode: "container:zz"
{container_name: web, scale: 1}
develop: {watch: [{action: rebuild, path: .}, {action: sync, path: ., target: /a}]}
""".splitlines()


def _problems(line: str) -> list[tuple[Route, str]]:
    given = parse_one(Source("compose.yaml", line)).documents[0].data
    service: dict[str, Any] = {"image": "a:1", **given}
    found = problems({"services": {"a": service, "b": {"image": "b:1"}}})
    return [(one.route, one.help) for one in found]


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused(line: str) -> None:
    ((route, advice),) = _problems(line)
    assert route == ("services", "a", *REFUSED[line])
    assert advice


@pytest.mark.parametrize("line", TAKEN)
def test_what_is_taken(line: str) -> None:
    assert not _problems(line)


def test_numbers_where_the_file_takes_texts() -> None:
    said = list(problems({"version": 3.8, "name": 1, "services": {"a": {"image": "a:1"}}}))
    assert [(one.route, one.help) for one in said] == [
        (("version",), 'put it in quotes: "3.8"'),
        (("name",), 'put it in quotes: "1"'),
    ]


def test_services_stand_below_services() -> None:
    (said,) = problems({"web": {"build": "."}, "db": {"image": "mysql:8"}})
    assert (said.route, said.id) == (("web",), "compose-key-missing")
    assert not list(problems({"x-web": {"image": "a:1"}, "services": {}}))
    assert not list(problems({"volumes": {"image": {}}, "networks": {"build": {}}}))


def test_volumes_that_are_no_list_are_said_to_be_that() -> None:
    (said,) = problems({"services": {"a": {"image": "a:1", "volumes": "data:b"}}})
    assert (said.id, said.route) == ("compose-type", ("services", "a", "volumes"))


def test_the_network_that_every_file_has_is_named_once() -> None:
    (said,) = problems({"services": {"a": {"image": "a:1", "networks": ["x"]}}, "networks": {"default": None}})
    assert said.message.endswith("which `networks` does not have; there are `default`")
