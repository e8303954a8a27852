"""Prints the table: `python -m benchmarks [--sizes 10,100,1000] [--files 2000] [--runs 5]`, in Markdown.

Each figure is a median of several runs, with the spread, and as a ratio to a floor measured in the same minute: bare
Python, or Python that imports pydantic and builds one model. Peers that are installed judge the same files.
"""

# ruff: noqa: S603, T201
from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import corpus, parsers
from benchmarks.workspace import make

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas" / "kubernetes" / "1.37"
SCHEMA_VALIDITY = (
    "-strict",
    "-kubernetes-version",
    "1.37.0",
    "-schema-location",
    f"{SCHEMAS}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
)
"""How kubeconform is asked what svc asks of every manifest: whether the API of Kubernetes 1.37 knows its keys and types."""
SVC = (sys.executable, "-m", "svc")
BARE = (sys.executable, "-c", "pass")
PYDANTIC = (sys.executable, "-c", "import pydantic\nclass A(pydantic.BaseModel):\n  a: int\nA(a=1)")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of wall clock of each run, seconds of CPU and MB of memory of the largest."""

    walls: tuple[float, ...]
    cpus: tuple[float, ...]
    memory: float

    @property
    def wall(self) -> float:
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)

    @property
    def spread(self) -> str:
        return f"{min(self.walls):.3g} to {max(self.walls):.3g}"


def measure(command: Sequence[str], cwd: Path, runs: int, before: Callable[[], None] = lambda: None) -> Measured:
    """Runs a command several times; `before` each run something that is not measured."""
    walls, cpus, memory = [], [], 0.0
    for _ in range(runs):
        before()
        one = _once(command, cwd)
        walls.append(one[0])
        cpus.append(one[1])
        memory = max(memory, one[2])
    return Measured(tuple(walls), tuple(cpus), memory)


_TIMER = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.returncode)
sys.stderr.buffer.write(done.stderr)
"""
"""A process of its own for each run, since the memory of children is known as a maximum only."""


def _once(command: Sequence[str], cwd: Path) -> tuple[float, float, float]:
    done = subprocess.run([sys.executable, "-c", _TIMER, *command], cwd=cwd, capture_output=True, text=True, check=True)
    wall, cpu, memory, code = done.stdout.split()
    if command[: len(SVC)] == SVC and int(code) > 2:
        raise SystemExit(f"{' '.join(command)} ended with exit code {code}: {done.stderr}")
    return float(wall), float(cpu), float(memory)


def row(name: str, one: Measured, floor: Measured, of: str) -> str:
    ratio = f"{one.wall / floor.wall:.1f} x {of}"
    return f"| {name} | {one.wall:.3g} s | {one.spread} | {one.cpu:.3g} s | {one.memory:.0f} MB | {ratio} |"


def single(folder: Path, runs: int) -> list[str]:
    """One file: what a hook or an editor waits for."""
    files = {
        "Dockerfile": "FROM alpine:3.20\nRUN apk add --no-cache curl\nUSER 10001\nCMD top\n",
        "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
        "spec: {containers: [{name: web, image: 'nginx:1.25'}]}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    make(folder / "one", 1)
    spec = "one/services/service-00000/service.yaml"
    bare, model = measure(BARE, folder, runs), measure(PYDANTIC, folder, runs)
    rows = [
        row("bare Python", bare, bare, "bare Python"),
        row("Python with one pydantic model", model, bare, "bare Python"),
    ]
    rows.append(row("svc --version", measure((*SVC, "--version"), folder, runs), bare, "bare Python"))
    for name in files:
        rows.append(row(f"svc lint {name}", measure((*SVC, "lint", name), folder, runs), bare, "bare Python"))
    rows.append(
        row("svc lint service.yaml", measure((*SVC, "lint", "--no-cache", spec), folder, runs), model, "pydantic")
    )
    for name, command in peers():
        rows.append(_peer(name, command, folder, max(1, runs // 2), bare, "bare Python"))
    return rows


def located(tool: str) -> str:
    """Where a program is; "" for nowhere."""
    path = ROOT / ".tools" / "bin" / tool
    return str(path) if path.exists() else shutil.which(tool) or ""


def _peer(name: str, command: Sequence[str], folder: Path, runs: int, floor: Measured, of: str) -> str:
    if not command[0]:
        return f"| {name} | not here | | | | |"
    return row(name, measure(command, folder, runs), floor, of)


def peers() -> list[tuple[str, tuple[str, ...]]]:
    """Other judges of the same two files."""
    found = []
    for tool, name, arguments in (
        ("checkov", "checkov, both files", ("-d", ".", "--compact", "--quiet", "--skip-download", "--soft-fail")),
        ("trivy", "trivy config, both files", ("config", "--quiet", "--skip-check-update", ".")),
        ("kubeconform", "kubeconform pod.yaml, its schema", (*SCHEMA_VALIDITY, "pod.yaml")),
        ("kube-linter", "kube-linter pod.yaml", ("lint", "pod.yaml")),
        ("hadolint", "hadolint Dockerfile", ("--no-fail", "Dockerfile")),
    ):
        found.append((name, (located(tool), *arguments)))
    return found


CHECKOV = ("--compact", "--quiet", "--skip-download", "--soft-fail")
TRIVY = ("config", "--quiet", "--skip-check-update", "--skip-version-check", "--disable-telemetry")
FEW = 300
"""Files of the smaller corpus: Checkov takes minutes for the whole one."""


def raw(folder: Path, files: int, runs: int) -> list[str]:
    """A corpus of hand-written files, and peers over the same ones. Ratios are to svc in one process without a cache."""
    root, small, manifests = folder / "corpus", folder / "few", folder / "manifests"
    count, few = corpus.make(root, files), corpus.make(small, FEW)
    manifests.mkdir()
    for path in root.glob("apps/*/deploy/*"):
        shutil.copyfile(path, manifests / f"{path.parent.parent.name}-{path.name}")
    objects = len(list(manifests.iterdir()))
    lint = (*SVC, "lint", ".", "--format", "concise")
    one = (*lint, "--no-cache", "--jobs", "1")
    edited = root / "infra" / "another.tf"

    def empty() -> None:
        shutil.rmtree(os.environ["SVC_CACHE_DIR"], ignore_errors=True)

    def change() -> None:
        edited.write_text(f"# {os.urandom(4).hex()}\n")

    whole, part = measure(one, root, runs), measure(one, small, runs)
    shapes = measure((*one, "--select", "api-version-removed"), manifests, runs)
    return [
        row(f"svc, {count} files, one process, no cache", whole, whole, "svc"),
        row(f"svc, {count} files, from nothing", measure(lint, root, runs, empty), whole, "svc"),
        row(f"svc, {count} files, nothing changed", measure(lint, root, runs), whole, "svc"),
        row(f"svc, {count} files, one added", measure(lint, root, runs, change), whole, "svc"),
        _peer(f"trivy config, {count} files", (located("trivy"), *TRIVY, "."), root, 1, whole, "svc"),
        _peer(
            f"kube-linter, {objects} manifests", (located("kube-linter"), "lint", "."), manifests, runs, shapes, "svc"
        ),
        row(f"svc, {few} files, one process, no cache", part, part, "svc"),
        _peer(f"checkov, {few} files", (located("checkov"), "-d", ".", *CHECKOV), small, 1, part, "svc"),
        row(f"svc, {objects} manifests, shapes and one policy", shapes, shapes, "svc"),
        _peer(
            f"kubeconform, {objects} manifests, schemas",
            (located("kubeconform"), *SCHEMA_VALIDITY, "."),
            manifests,
            runs,
            shapes,
            "svc",
        ),
    ]


def many(folder: Path, sizes: Sequence[int], runs: int) -> list[str]:
    """Workspaces of growing size: from nothing, with nothing changed, and with one service changed."""
    model = measure(PYDANTIC, folder, runs)
    rows = []
    for size in sizes:
        root, out = folder / f"shop-{size}", folder / f"out-{size}"
        make(root, size)
        command = (*SVC, "compile", ".", "--out", str(out), "--quiet")
        spec = root / "services" / "service-00000" / "service.yaml"
        text = spec.read_text()

        def nothing(out: Path = out) -> None:
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(os.environ["SVC_CACHE_DIR"], ignore_errors=True)

        def edited(spec: Path = spec, text: str = text) -> None:
            spec.write_text(f"{text}# {os.urandom(4).hex()}\n")

        several = max(1, min(runs, 2000 // size))
        rows += [
            row(f"{size}, one process, no cache", measure((*command, "--jobs", "1", "--no-cache"), root, several, nothing), model, "pydantic"),
            row(f"{size}, from nothing", measure(command, root, several, nothing), model, "pydantic"),
            row(f"{size}, nothing changed", measure(command, root, several), model, "pydantic"),
            row(f"{size}, one changed", measure(command, root, several, edited), model, "pydantic"),
        ]  # fmt: skip
    return rows


_PROFILE = """
import cProfile, pstats, sys
from svc.cli.main import main
made = cProfile.Profile()
made.runcall(main, sys.argv[1:])
packages = {}
for (file, _, _), (_, _, own, _, _) in pstats.Stats(made).stats.items():
    part = file.rpartition('/svc/')[2].split('/')[:2] if '/svc/' in file else [file.rpartition('/')[2] if 'site-packages' not in file else file.rpartition('site-packages/')[2].split('/')[0]]
    name = 'svc/' + '/'.join(part) if '/svc/' in file else ('built-in functions' if file == '~' else part[0])
    packages[name] = packages.get(name, 0) + own
whole = sum(packages.values())
for name, own in sorted(packages.items(), key=lambda one: -one[1])[:15]:
    sys.stderr.write(f'| {name} | {own / whole:.0%} |\\n')
"""


def profile(folder: Path) -> list[str]:
    """Where the time of a compile goes: its own time by part of svc, and by library."""
    root = folder / "profiled"
    make(root, 40)
    command = [sys.executable, "-c", _PROFILE, "compile", ".", "--no-cache", "--jobs", "1", "--out", "out", "--quiet"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stderr.splitlines()


def machine() -> str:
    model = "unknown processor"
    if Path("/proc/cpuinfo").exists():
        names = [
            line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else platform.machine()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{date.today().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} processors ({model}){load}"
    )


def main() -> None:
    wanted = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    wanted.add_argument("--sizes", default="10,100,1000", help="numbers of services (default: 10,100,1000)")
    wanted.add_argument("--files", type=int, default=2000, help="hand-written files of the corpus (default: 2000)")
    wanted.add_argument("--only", default="single,raw,many,parsers,profile", help="parts of the table, with commas")
    wanted.add_argument("--runs", type=int, default=5, help="runs of each (default: 5; fewer of what takes long)")
    options = wanted.parse_args()
    head = "| | median | spread | CPU | memory | ratio |\n|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory(prefix="svc-bench-") as made:
        folder = Path(made)
        os.environ["SVC_CACHE_DIR"] = str(folder / "cache")
        sizes = [int(size) for size in options.sizes.split(",")]
        parts: dict[str, tuple[str, Callable[[], list[str]]]] = {
            "single": (f"## One file\n\n{head}", lambda: single(folder, options.runs)),
            "raw": (f"## Many hand-written files\n\n{head}", lambda: raw(folder, options.files, options.runs)),
            "many": (f"## Many services\n\n{head}", lambda: many(folder, sizes, options.runs)),
            "parsers": ("## Parsers and emitters\n", lambda: parsers.table(300)),
            "profile": ("## Where the time goes\n\n| part | own time |\n|---|---|", lambda: profile(folder)),
        }
        print(machine())
        for name in options.only.split(","):
            title, rows = parts[name]
            print("", title, *rows(), sep="\n", flush=True)


if __name__ == "__main__":
    main()
