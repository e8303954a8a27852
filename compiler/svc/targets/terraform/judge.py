"""External proof: `terraform fmt`, `init` and `validate` over what was written, Checkov and Trivy where they are there."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask, signature, version_of
from svc.diagnostics import Severity
from svc.hands import at_once
from svc.targets.protocol import Fault, Judgement
from svc.targets.terraform.types import Module

MIRROR = "terraform-mirror"
_NO_CONFIG = {"TF_CLI_CONFIG_FILE": "/dev/null"}
HANDS = 4
"""Programs that run at once."""
Runner = Callable[[tools.Located, Sequence[Module], Path], tuple[Fault, ...]]


def judge(artifacts: Sequence[Module], root: Path, /, box: tools.Toolbox | None = None) -> tuple[Judgement, ...]:
    """Without a toolbox only the checkout's own programs are looked for."""
    modules = [one for one in artifacts if one.files]
    if not modules:
        return ()
    used = box or tools.toolbox({})
    runners: tuple[tuple[str, Runner], ...] = (("terraform", _format), ("trivy", _trivy), ("checkov", _checkov))
    made = [partial(_judge, name, used, run, modules, root) for name, run in runners]
    return tuple(at_once([*made, *(partial(_validate, used, module, root) for module in modules)], HANDS))


def _judge(name: str, box: tools.Toolbox, run: Runner, modules: Sequence[Module], root: Path) -> Judgement:
    try:
        located = tools.find(name, box)
    except tools.ToolMissing as missing:
        return Judgement(name, "", skipped=str(missing))
    return Judgement(name, version_of(located), run(located, modules, root))


def _folders(modules: Sequence[Module], root: Path) -> list[Path]:
    return sorted({root / one.path for one in modules})


def _format(located: tools.Located, modules: Sequence[Module], root: Path) -> tuple[Fault, ...]:
    paths = sorted({one.path for one in modules})
    options = ["fmt", "-check", "-list=true", "-recursive", *paths]
    return ask(
        located, options, (0, 2, 3), read=_unformatted, place=root, files=_folders(modules, root), env=_NO_CONFIG
    )


def _unformatted(done: tools.Completed) -> tuple[Fault, ...]:
    names = done.stdout.split()
    if bool(names) != bool(done.returncode):
        raise ValueError(f"exit code {done.returncode} does not go with {len(names)} files")
    said = "this is not how `terraform fmt` writes it" if done.returncode == 3 else done.stderr.strip()
    return tuple(Fault("terraform", name, 1, said) for name in names)


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
        found = _initialised(located, folder, mirror, module.path)
    return Judgement("terraform validate", version_of(located), found)


def _initialised(located: tools.Located, folder: Path, mirror: Path, path: str) -> tuple[Fault, ...]:
    """The answer of `validate`; `init` is run when that is not known."""
    start = ["init", "-backend=false", "-input=false", "-no-color", f"-plugin-dir={mirror}"]

    def begin() -> None:
        tools.expect(tools.run(located, start, cwd=folder, env=_NO_CONFIG))

    return ask(
        located,
        ["validate", "-json"],
        (0, 1),
        read=lambda done: _diagnostics(done.stdout, path),
        place=folder,
        env=_NO_CONFIG,
        also=signature(mirror),
        begin=begin,
    )


def _diagnostics(text: str, path: str) -> tuple[Fault, ...]:
    answer = json.loads(text)
    if not answer["valid"] and not answer["diagnostics"]:
        raise ValueError("invalid, and no word of what")
    return tuple(
        Fault(
            "terraform validate",
            f"{path}/{one.get('range', {}).get('filename', '')}".rstrip("/"),
            one.get("range", {}).get("start", {}).get("line", 1),
            f"{one['summary']}: {one.get('detail', '')}".strip(),
            Severity.WARNING if one["severity"] == "warning" else Severity.ERROR,
        )
        for one in answer["diagnostics"]
    )


def _trivy(located: tools.Located, modules: Sequence[Module], root: Path) -> tuple[Fault, ...]:
    options = ["config", "--quiet", "--skip-check-update", "--skip-version-check", "--disable-telemetry"]
    options += ["--misconfig-scanners", "terraform", "--format", "json", "."]
    timeout = 300 + 5 * len(modules)
    return ask(located, options, read=_misconfigurations, place=root, files=_folders(modules, root), timeout=timeout)


def _misconfigurations(done: tools.Completed) -> tuple[Fault, ...]:
    answer = json.loads(done.stdout)
    if "SchemaVersion" not in answer:
        raise ValueError("no report")
    return tuple(
        Fault(
            "trivy",
            result["Target"],
            one.get("CauseMetadata", {}).get("StartLine", 1),
            f"{one['ID']}: {one['Title']}",
        )
        for result in answer.get("Results", [])
        for one in result.get("Misconfigurations", [])
        if one["Status"] == "FAIL"
    )


def _checkov(located: tools.Located, modules: Sequence[Module], root: Path) -> tuple[Fault, ...]:
    """Every module as a folder of its own: within one folder, what refers to a resource with a `count` is not found as
    soon as another module has one of the same name."""
    folders = sorted({one.path for one in modules})
    options = ["--framework", "terraform", "--output", "json", "--quiet", "--compact", "--soft-fail"]
    options += ["--skip-download", "--download-external-modules", "false"]
    given = [word for one in folders for word in ("-d", f"./{one}")]
    timeout, files = 300 + 5 * len(modules), _folders(modules, root)
    return ask(
        located,
        [*given, *options],
        read=lambda done: _failed_checks(done, folders),
        place=root,
        files=files,
        timeout=timeout,
    )


def _failed_checks(done: tools.Completed, folders: Sequence[str]) -> tuple[Fault, ...]:
    """A document for each folder, in their order. Without a resource to judge there is a short report, which counts what
    was not there."""
    documents = _documents(done.stdout)
    if len(documents) != len(folders):
        raise ValueError(f"{len(documents)} reports of {len(folders)} folders")
    return tuple(fault for folder, one in zip(folders, documents, strict=True) for fault in _report(folder, one))


def _documents(text: str) -> list[Any]:
    """JSON documents, one behind the other."""
    found, at, decoder = [], 0, json.JSONDecoder()
    while at < len(text.rstrip()):
        at += len(text[at:]) - len(text[at:].lstrip())
        one, at = decoder.raw_decode(text, at)
        found.append(one)
    return found


def _report(folder: str, answer: Any) -> Iterator[Fault]:
    reports = answer if isinstance(answer, list) else [answer]
    if not reports or not all("results" in one or "resource_count" in one for one in reports):
        raise ValueError("no report")
    for report in reports:
        for one in report["results"]["failed_checks"] if "results" in report else ():
            yield Fault(
                "checkov",
                f"{folder}/{one['file_path'].removeprefix('/')}",
                (one.get("file_line_range") or [1])[0],
                f"{one['check_id']}: {one['check_name']} ({one['resource']})",
            )
