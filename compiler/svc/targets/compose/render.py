"""compose.yaml and .env.example."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.emit import emit
from svc.notice import BY, notice
from svc.targets.compose.types import KEY, ComposeArtifact, Wanted
from svc.targets.protocol import Rendered


def render(artifact: ComposeArtifact) -> Rendered:
    data = artifact.file.tree.data
    apart: list[Route] = [(key,) for key in data if key != "name"]
    apart += [("services", name) for name in list(artifact.file.services)[1:]]
    header = [notice(artifact.spec)]
    if artifact.wanted:
        header.append(f"Copy .env.example to .env and fill it in, then: {_start(artifact)}")
    emitted = emit(data, header="\n".join(header), blank_before=apart)
    files = {artifact.path: emitted.text}
    if artifact.wanted or artifact.secret_files:
        files[artifact.example_path] = example(artifact)
    return Rendered(files, lambda: {(KEY, route): (artifact.path, line) for route, line in emitted.lines.items()})


def _start(artifact: ComposeArtifact) -> str:
    """Where everything is a job that somebody has to ask for, `up` starts nothing and fails."""
    services = artifact.file.services
    if not services or any("profiles" not in one for one in services.values()):
        return "docker compose up --build"
    return f"docker compose run --build {next(iter(services)) if len(services) == 1 else '<job>'}"


def example(artifact: ComposeArtifact) -> str:
    lines = [
        f"# {BY} {artifact.spec}: what compose.yaml needs. Copy to .env, fill in, never commit .env.",
        *(line for one in artifact.wanted for line in _variable(one)),
    ]
    if artifact.secret_files:
        lines += ["", "# Secret files, beside compose.yaml:"]
        lines += [f"#   {one.name}: {one.what}" for one in artifact.secret_files]
    return "\n".join(lines) + "\n"


def _variable(one: Wanted) -> tuple[str, ...]:
    return ("", f"# {one.what}{' (optional)' if one.optional else ''}", f"{one.name}=")
