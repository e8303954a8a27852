"""External proof: `terraform fmt`, `init` and `validate` over what was written, Checkov and Trivy where they are there."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from svc import tools
from svc.diagnostics import Severity
from svc.targets.protocol import Fault, Judgement
from svc.targets.terraform.types import Module

MIRROR = "terraform-mirror"
_NO_CONFIG = {"TF_CLI_CONFIG_FILE": "/dev/null"}
Runner = Callable[[tools.Located, tools.Toolbox, Module, Path], tuple[Fault, ...]]


def judge(artifact: Module, root: Path, /, box: tools.Toolbox | None = None) -> tuple[Judgement, ...]:
    """Without a toolbox only the checkout's own programs are looked for."""
    if not artifact.files:
        return ()
    used = box or tools.toolbox({})
    runners: tuple[tuple[str, Runner], ...] = (("terraform", _format), ("trivy", _trivy), ("checkov", _checkov))
    made = [_judge(name, used, run, artifact, root) for name, run in runners]
    return (*made, _validate(used, artifact, root))


def _judge(name: str, box: tools.Toolbox, run: Runner, module: Module, root: Path) -> Judgement:
    try:
        located = tools.find(name, box)
    except tools.ToolMissing as missing:
        return Judgement(name, "", skipped=str(missing))
    return Judgement(name, tools.version_of(located), run(located, box, module, root / module.path))


def _format(located: tools.Located, _: tools.Toolbox, module: Module, folder: Path) -> tuple[Fault, ...]:
    done = tools.run(located, ["fmt", "-check", "-list=true", "-recursive", "."], cwd=folder, env=_NO_CONFIG)
    tools.expect(done, (0, 2, 3))
    said = "this is not how `terraform fmt` writes it" if done.returncode == 3 else done.stderr.strip()
    return tuple(Fault("terraform", f"{module.path}/{name}", 1, said) for name in done.stdout.split())


def _validate(box: tools.Toolbox, module: Module, root: Path) -> Judgement:
    """`init` and `validate` in a copy, with the schema-only provider of the mirror."""
    mirror = next((one.parent / MIRROR for one in box.folders if (one.parent / MIRROR).is_dir()), None)
    if mirror is None:
        return Judgement("terraform validate", "", skipped=f"no provider mirror: run `make tools` to build {MIRROR}")
    try:
        located = tools.find("terraform", box)
    except tools.ToolMissing as missing:
        return Judgement("terraform validate", "", skipped=str(missing))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "module"
        shutil.copytree(root / module.path, folder, ignore=shutil.ignore_patterns(".terraform*"))
        start = ["init", "-backend=false", "-input=false", "-no-color", f"-plugin-dir={mirror}"]
        tools.expect(tools.run(located, start, cwd=folder, env=_NO_CONFIG))
        done = tools.run(located, ["validate", "-json"], cwd=folder, env=_NO_CONFIG)
    tools.expect(done, (0, 1))
    return Judgement("terraform validate", tools.version_of(located), _diagnostics(done.stdout, module.path))


def _diagnostics(text: str, path: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            "terraform validate",
            f"{path}/{one.get('range', {}).get('filename', '')}".rstrip("/"),
            one.get("range", {}).get("start", {}).get("line", 1),
            f"{one['summary']}: {one.get('detail', '')}".strip(),
            Severity.WARNING if one["severity"] == "warning" else Severity.ERROR,
        )
        for one in json.loads(text)["diagnostics"]
    )


def _trivy(located: tools.Located, _: tools.Toolbox, module: Module, folder: Path) -> tuple[Fault, ...]:
    options = ["config", "--quiet", "--skip-check-update", "--skip-version-check", "--disable-telemetry"]
    done = tools.expect(tools.run(located, [*options, "--format", "json", "."], cwd=folder, timeout=300))
    return tuple(
        Fault(
            "trivy",
            f"{module.path}/{result['Target']}",
            one.get("CauseMetadata", {}).get("StartLine", 1),
            f"{one['ID']}: {one['Title']}",
        )
        for result in json.loads(done.stdout).get("Results", [])
        for one in result.get("Misconfigurations", [])
        if one["Status"] == "FAIL"
    )


def _checkov(located: tools.Located, _: tools.Toolbox, module: Module, folder: Path) -> tuple[Fault, ...]:
    options = ["--framework", "terraform", "--output", "json", "--quiet", "--compact", "--soft-fail"]
    options += ["--skip-download", "--download-external-modules", "false"]
    done = tools.expect(tools.run(located, ["-d", ".", *options], cwd=folder, timeout=300))
    reports = json.loads(done.stdout or "{}")
    return tuple(
        Fault(
            "checkov",
            f"{module.path}{one['file_path']}",
            (one.get("file_line_range") or [1])[0],
            f"{one['check_id']}: {one['check_name']} ({one['resource']})",
        )
        for report in (reports if isinstance(reports, list) else [reports])
        for one in report.get("results", {}).get("failed_checks", [])
    )
