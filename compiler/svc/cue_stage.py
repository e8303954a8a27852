"""The files that CUE specs need, copied to where one call of `cue` can evaluate all of them.

cue.mod/module.cue            a module of ours
cue.mod/pkg/<module>/...      the user's modules, each at its own import path
cue.mod/pkg/svc.invalid/...   specs that are in no module, or in no package
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from svc import cue_syntax
from svc.diagnostics import Diagnostic
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Source, Unreadable, load

MARKER = "svc-spec-number"
MAX_FILES = 2000
_OWN = "svc.invalid"
_PACKAGE = "svc_spec"
PREFIX = f"package {_PACKAGE}, "
_MODULE = regex(r'(?m)^\s*module:\s*"([^"@\\]+)(?:@v\d+)?"')
_SAFE = regex(r"[A-Za-z0-9._~/-]+")


@dataclass(slots=True)
class Staged:
    """What was copied. `origin`: path in the stage -> the file it is a copy of."""

    root: Path
    shown: Callable[[Path], str]
    marker: str = MARKER
    specs: list[Path] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    origin: dict[str, Path] = field(default_factory=dict)
    shifted: set[str] = field(default_factory=set)
    packages: dict[Path, list[Path]] = field(default_factory=dict)
    reached: dict[Path, dict[Path, None]] = field(default_factory=dict)
    """Spec -> the files that it needs, the one that names its module among them."""

    def source(self, file: Path) -> Source:
        return self.sources[self.shown(file)]

    def package(self, file: Path) -> list[Source]:
        """The spec's own file, then the other files of its package."""
        others = [one for one in self.packages.get(file, ()) if one != file]
        return [self.source(one) for one in (file, *others)]


@dataclass(frozen=True, slots=True)
class _Module:
    root: Path
    path: str
    number: int


def stage(files: Sequence[Path], root: Path, shown: Callable[[Path], str]) -> Staged:
    """Copies the specs and whatever they import."""
    staged = Staged(root, shown)
    _write(root / "cue.mod" / "module.cue", f'module: "{_OWN}/run"\nlanguage: version: "v0.14.0"\n')
    modules: dict[Path, _Module] = {}
    found: list[Diagnostic] = []
    for file in files:
        source = load(file, name=shown(file))
        if isinstance(source, Unreadable):
            found.append(source.diagnostic)
            continue
        staged.sources[source.name] = source
        number = len(staged.specs)
        _write(
            root / "cue.mod" / "pkg" / _OWN / f"mark{number}" / "mark.cue",
            f'package mark\n"{staged.marker}": {number}\n',
        )
        module = _module(file, modules)
        named = module.root / "cue.mod" / "module.cue"
        reached = staged.reached[file] = {named: None} if named.is_file() else {}
        argument = _spec(file, source, module, staged, reached)
        staged.specs.append(file)
        staged.arguments += [f"{_OWN}/mark{number}:mark", argument]
    staged.diagnostics = tuple(found)
    return staged


def _module(file: Path, modules: dict[Path, _Module]) -> _Module:
    """The module around a file; one of our own where there is none."""
    folder = file.absolute().parent
    for root in (folder, *folder.parents):
        given = root / "cue.mod" / "module.cue"
        if not given.is_file():
            continue
        if root not in modules:
            text = load(given)
            match = _MODULE.search(text.text) if isinstance(text, Source) else None
            path = match[1] if match and _SAFE.fullmatch(match[1]) else ""
            taken = {one.path for one in modules.values()}
            modules[root] = _Module(root, path if path and path not in taken else "", len(modules))
        return modules[root]
    return modules.setdefault(folder, _Module(folder, "", len(modules)))


def _spec(file: Path, source: Source, module: _Module, staged: Staged, reached: dict[Path, None]) -> str:
    """Copies a spec and what it needs; the argument by which `cue` is asked for it."""
    outline = cue_syntax.outline(source.text)
    if not outline.package:
        number = len(staged.specs)
        target = f"cue.mod/pkg/{_OWN}/spec{number}/{file.name}"
        _write(staged.root / target, PREFIX + source.text)
        staged.origin[target] = file
        staged.shifted.add(target)
        _imports(outline.imports, module, staged, reached)
        return f"{_OWN}/spec{number}:{_PACKAGE}"
    folder = file.absolute().parent
    seen: list[Path] = []
    _folder(folder, module, staged, outline.package, reached, seen)
    staged.packages[file] = [file if one == file.absolute() else one for one in seen]
    inside = folder.relative_to(module.root).as_posix()
    return f"{_path(module)}{'' if inside == '.' else '/' + inside}:{outline.package}"


def _path(module: _Module) -> str:
    return module.path or f"{_OWN}/module{module.number}"


def _folder(
    folder: Path,
    module: _Module,
    staged: Staged,
    package: str,
    reached: dict[Path, None],
    seen: list[Path] | None = None,
) -> None:
    """Copies the CUE files of a folder and, since they belong to the package too, of the folders above it."""
    for one in (folder, *folder.parents):
        for file in sorted(one.glob("*.cue")):
            inside = file.relative_to(module.root).as_posix()
            target = f"cue.mod/pkg/{_path(module)}/{inside}"
            outline = _copy(file, target, module, staged, reached)
            if seen is not None and outline is not None and outline.package == package:
                seen.append(file)
        if one == module.root:
            return


def _copy(
    file: Path, target: str, module: _Module, staged: Staged, reached: dict[Path, None]
) -> cue_syntax.Outline | None:
    if len(staged.origin) >= MAX_FILES:
        return None
    name = staged.shown(file)
    source = staged.sources.get(name) or load(file, name=name)
    if isinstance(source, Unreadable):
        return None
    outline = cue_syntax.outline(source.text)
    if target not in staged.origin:
        staged.sources[name] = source
        staged.origin[target] = file
        _write(staged.root / target, source.text)
    if file not in reached:
        reached[file] = None
        _imports(outline.imports, module, staged, reached)
    return outline


def _imports(imports: Sequence[str], module: _Module, staged: Staged, reached: dict[Path, None]) -> None:
    """Copies the packages of the same module, and those that were put under its `cue.mod`."""
    for given in imports:
        path, _, package = given.partition(":")
        path = path.partition("@")[0]
        if not _SAFE.fullmatch(path) or ".." in path.split("/"):
            continue
        folder = None
        if module.path and (path == module.path or path.startswith(module.path + "/")):
            folder = module.root / path[len(module.path) :].lstrip("/")
        if folder is not None and folder.is_dir():
            _folder(folder, module, staged, package, reached)
            continue
        for place in ("pkg", "gen", "usr"):
            vendored = module.root / "cue.mod" / place / path
            for file in sorted(vendored.glob("*.cue")) if vendored.is_dir() else ():
                _copy(file, f"cue.mod/{place}/{path}/{file.name}", module, staged, reached)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
