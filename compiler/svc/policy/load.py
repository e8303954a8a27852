"""Policy files become `Policy`s, strictly: what cannot be read is a problem at its place, never a skipped policy.

The built-in folder has an `index.json` beside the files: their heads (all but the examples), each with the checksum of
its file. A file that is what the index says is not parsed again; any other one is. `svc.policy.index` writes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from svc import assets
from svc.diagnostics import Diagnostic, Place, Related, Severity
from svc.patterns import regex
from svc.policy.head import from_head
from svc.policy.types import Loaded, Policy
from svc.source import Source, Unreadable, contents, decode

INDEX = "index.json"
_KEYS = regex(rb"(?m)^[\"']?(?:check|surface)[\"']?[ \t]*:")
"""What a policy says and hardly any other file does at its top."""


def load(folders: Sequence[Path], plugins: Collection[str] | None = None, *, alone: bool = False) -> Loaded:
    """The policies of all folders, sorted by id; a second policy of the same id is a problem.

    `plugins`: the packages whose checks may be used; None: any. `alone`: the folders may name policies outside them.
    """
    policies: dict[str, Policy] = {}
    problems: list[Diagnostic] = []
    for folder in folders:
        files = _named(folder, ".yaml")
        if not files:
            problems.append(_empty(folder))
        index = _index(folder)
        for name in files:
            found = _load(f"{folder.as_posix()}/{name}", name, index.get(name, {}))
            if isinstance(found, tuple):
                problems.extend(found)
            elif found.id in policies:
                problems.append(_clash(found, policies[found.id]))
            else:
                policies[found.id] = found
    problems.extend(() if alone else _unknown_names(policies))
    problems.extend(_foreign_checks(policies, plugins))
    problems.extend(_cue_files(folders, policies))
    problems.extend(_never_read(folders))
    return Loaded(tuple(policies[name] for name in sorted(policies)), tuple(problems))


def entry(data: bytes, head: dict[str, Any]) -> dict[str, Any]:
    """What the index keeps of a policy file."""
    return {"sum": _sum(data), "head": head}


def _sum(data: bytes) -> str:
    """Tells an edited file from an indexed one. Both come from one hand, so that a checksum is enough."""
    return f"{len(data)}-{crc32(data):08x}"


def _named(folder: Path, ending: str) -> list[str]:
    """The names, without their ending, of the files of a folder that have it; hidden ones are other programs'."""
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in entries]
    except OSError:
        return []
    return sorted(one.removesuffix(ending) for one in names if one.endswith(ending) and not one.startswith("."))


def _is(path: str, known: str) -> bool:
    """Whether a file is the one of the index. Every run asks it of hundreds of files."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return _sum(os.read(handle, int(known.partition("-")[0]) + 1)) == known
    except OSError:
        return False
    finally:
        os.close(handle)


def _load(file: str, name: str, known: dict[str, Any]) -> Policy | tuple[Diagnostic, ...]:
    path = f"{file}.yaml"
    if known and _is(path, known["sum"]):
        return from_head(known["head"], name, Place(path))
    data = contents(path, path)
    if isinstance(data, Unreadable):
        return (data.diagnostic,)
    source = decode(data, path)
    if isinstance(source, Unreadable):
        return (source.diagnostic,)
    return _parsed(source, name)


def _parsed(source: Source, name: str) -> Policy | tuple[Diagnostic, ...]:
    from svc.parse import parse_one
    from svc.policy import schema

    parsed = parse_one(source)
    if parsed.problems:
        return parsed.problems
    document = parsed.documents[0]
    return schema.problems(document, name) or schema.policy(document, name)


def _index(folder: Path) -> dict[str, Any]:
    """The index of the built-in folder. A pack's would be a second text of its policies, which nobody reads."""
    file = folder / INDEX
    if folder != assets.policies() or not file.is_file():
        return {}
    index: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return index


def _empty(folder: Path) -> Diagnostic:
    what = "this folder holds no policies (`<id>.yaml`)" if folder.is_dir() else "there is no such folder"
    what = "this is a file, not a folder of policies" if folder.is_file() else what
    return Diagnostic(
        "policies-missing",
        Severity.ERROR,
        what,
        Place(folder.as_posix()),
        "name a folder that holds policies",
    )


def _clash(second: Policy, first: Policy) -> Diagnostic:
    return Diagnostic(
        "policy-clash",
        Severity.ERROR,
        f"there is another policy `{second.id}`",
        second.place,
        "rename the file; to change a built-in policy's severity, use `severities` of the workspace",
        (Related("the first one", first.place),),
    )


def _unknown_names(policies: dict[str, Policy]) -> list[Diagnostic]:
    return [
        Diagnostic(
            "policy-invalid", Severity.ERROR, f"policy `{one.id}`: `unless` names no policy: `{name}`", one.place
        )
        for one in policies.values()
        for name in one.unless
        if name not in policies
    ]


def _foreign_checks(policies: dict[str, Policy], plugins: Collection[str] | None) -> list[Diagnostic]:
    found = []
    for one in policies.values():
        package, colon, _ = one.check.partition(":")
        if colon and plugins is not None and package not in plugins:
            message = f"policy `{one.id}` uses a check of `{package}`, which the workspace does not name"
            help_text = f"add it to the workspace: policy: {{plugins: [{package}]}}"
            found.append(Diagnostic("policy-invalid", Severity.ERROR, message, one.place, help_text))
    return found


def _never_read(folders: Sequence[Path]) -> list[Diagnostic]:
    """Files that look like policies and are none by their names: they would never judge."""
    names = [
        (folder, f"{name}.yml")
        for folder in folders
        if folder != assets.policies()
        for name in _named(folder, ".yml")
        if _like_a_policy(folder / f"{name}.yml")
    ]
    return [
        Diagnostic(
            "policy-invalid",
            Severity.ERROR,
            "a policy's file ends in `.yaml`, and this one in `.yml`: it judges nothing",
            Place(f"{folder.as_posix()}/{name}"),
            "rename it",
        )
        for folder, name in names
    ]


def _like_a_policy(file: Path) -> bool:
    """A pack may be a repository, in which other programs have their files as well."""
    data = contents(file.as_posix(), file.as_posix())
    return not isinstance(data, Unreadable) and _KEYS.search(data) is not None


def _cue_files(folders: Sequence[Path], policies: dict[str, Policy]) -> list[Diagnostic]:
    """A policy in CUE has its file beside it, and no file in CUE is without a policy: it would never judge."""
    found = []
    for one in policies.values():
        if one.check == "cue" and not (file := Path(one.place.file).with_suffix(".cue")).is_file():
            message = f"policy `{one.id}`: there is no `{file.name}` beside it"
            found.append(Diagnostic("policy-invalid", Severity.ERROR, message, one.place))
    for folder in folders:
        for name in _named(folder, ".cue"):
            policy = policies.get(name)
            if policy is None or policy.check != "cue":
                message = f"no policy `{name}.yaml` with `check: cue` stands beside this file: it judges nothing"
                place = Place(f"{folder.as_posix()}/{name}.cue")
                found.append(Diagnostic("policy-invalid", Severity.ERROR, message, place))
    return found
