"""The image runs as root: its last USER is root, or there is none and the base is not known to have one.

That of an action has to: GitHub forbids USER there, whose files of the workspace are root's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, expanded, lineage
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, Instruction, Stage, unquoted

_WITH_USER = (
    "apache/airflow", r"bitnami(?:legacy|secure)?/(?!minideb)[^/:@]+", "cimg/[^/:@]+", "codercom/code-server",
    "gitpod/workspace-[^/:@]+", "grafana/(?:grafana(?:-enterprise|-oss)?|k6|loki|tempo)", "homebrew/brew",
    "jenkins/(?:agent|inbound-agent|jenkins)", "jupyter/[^/:@]+", "keycloak/keycloak", "mssql/server", "n8nio/n8n",
    "openpolicyagent/opa", "prom(?:etheus)?/(?:alertmanager|node-exporter|prometheus|pushgateway)", "sclorg/[^/:@]+",
    "selenium/[^/:@]+", "ubi[0-9]+/(?:dotnet|go-toolset|httpd|nginx|nodejs|openjdk|perl|php|python|ruby)[^/:@]*",
)  # fmt: skip
_OF_LAMBDA = r"public\.ecr\.aws/lambda/|(?:^|/)amazon/aws-lambda-"
UNPRIVILEGED = regex(
    rf"nonroot|rootless|unprivileged|cgr\.dev/chainguard/|chiseled|-distroless-|nanoserver|{_OF_LAMBDA}"
    rf"|(?:^|/)(?:{'|'.join(_WITH_USER)})(?:[:@]|$)"
)
"""Names of bases that bring a user of their own; AWS Lambda runs what is built on its images as one."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    line = lineage(dockerfile) if dockerfile.read("USER") and not dockerfile.action else []
    for stage in line:
        users = list(stage.find("USER"))
        if not users:
            continue
        route, last = users[-1]
        user = unquoted(last.args[0]) if last.args else ""
        if re.split(":", expanded(user, _set(stage, last)))[0] in ("root", "0"):
            yield route, f"the image runs as `{user}`"
        return
    if line and "$" not in line[-1].base and not UNPRIVILEGED.search(line[-1].base.lower()):
        windows = "windows" in line[-1].base.lower()
        who = "ContainerAdministrator; write `USER ContainerUser`" if windows else "root"
        yield ("instructions", line[0].first), f"the final stage has no USER, so the image runs as {who}"


def _set(stage: Stage, user: Instruction) -> dict[str, str]:
    """The variables that a stage sets above its USER."""
    found: dict[str, str] = {}
    for one in stage.instructions:
        if one is user:
            break
        if one.keyword in ("ARG", "ENV"):
            found.update({name: unquoted(value) for name, value in one.pairs if value})
    return found
