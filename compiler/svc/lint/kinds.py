"""What kind of file a YAML text is, by what it holds and not by its name alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.kubernetes import kustomize
from svc.patterns import regex

if TYPE_CHECKING:
    from svc.parse import Document


KINDS = "service.yaml, workspace, Dockerfile, Kubernetes manifest, Helm chart, compose file, GitHub workflow, GitHub action, Dependabot's file, Terraform"
_SPEC_NAMES = frozenset({"service.yaml", "service.yml"})
_COMPOSE_NAME = regex(r"(docker-)?compose([.-].*)?\.ya?ml")
_COMPOSE_KEYS = ("image", "build", "extends", "ports", "command", "environment")


def kind_of(documents: Sequence[Document], file: Path) -> str:
    """spec, workspace, github, action, dependabot, compose, kubernetes, or "" for none that is known."""
    for document in documents:
        found = _kind(document.data, file)
        if found:
            return found
    return "spec" if file.name in _SPEC_NAMES else ""


def at_its_place(file: Path) -> bool:
    """Whether the name alone says that a file is of a known kind, whatever it holds."""
    name = file.name
    if (
        name in _SPEC_NAMES
        or name in kustomize.NAMES
        or file.stem in ("dependabot", "action", "Chart")
        or name.startswith("svc-workspace")
    ):
        return True
    return _COMPOSE_NAME.fullmatch(name) is not None or file.absolute().parts[-3:-1] == (".github", "workflows")


def _kind(data: object, file: Path) -> str:
    if not isinstance(data, dict):
        return ""
    if file.name in kustomize.NAMES:
        return "kubernetes"
    version = data.get("apiVersion")
    if isinstance(version, str) and version.startswith("svc/"):
        return "workspace" if data.get("kind") == "Workspace" or file.name.startswith("svc-workspace") else "spec"
    if isinstance(version, str) and isinstance(data.get("kind"), str):
        return "kubernetes"
    if "jobs" in data and "on" in data:
        return "github"
    if file.absolute().parts[-3:-1] == (".github", "workflows") and ("jobs" in data or "on" in data):
        return "github"  # half of a workflow, which GitHub refuses where it lies
    if file.stem == "dependabot" and isinstance(data.get("updates"), list):
        return "dependabot"
    if isinstance(data.get("runs"), dict) and "using" in data["runs"]:
        return "action"
    if _is_compose(data, file):
        return "compose"
    return ""


def _is_compose(data: dict[str, object], file: Path) -> bool:
    services = data.get("services")
    if "apiVersion" in data or services is None:
        return _COMPOSE_NAME.fullmatch(file.name) is not None and any(map(_is_service, data.values()))
    if not isinstance(services, dict):
        return _COMPOSE_NAME.fullmatch(file.name) is not None
    named = "compose" in file.name
    return named or any(map(_is_service, services.values()))


def _is_service(data: object) -> bool:
    return isinstance(data, dict) and any(key in data for key in _COMPOSE_KEYS)
