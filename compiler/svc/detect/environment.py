"""`env`, `secrets` and `needs` of a spec: what the tree's variables are, and where its backing services are told."""

from __future__ import annotations

from svc.detect import addresses, around, composed, examples
from svc.detect.project import Project
from svc.detect.scalars import quoted, text
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve.needs import KINDS, NOT_MANAGED

Wanted = dict[str, tuple[str, At]]
"""Needs by name: their type, and what shows that they are there."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is written of the variables, as it is found."""

    env: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)


def environment(tree: Tree, project: Project, service: str, port: str, found: list[str], notes: list[str]) -> list[str]:
    """`port`: the name of the one that the service opens, or nothing."""
    beside = composed.read(tree)
    wanted = around.needs(tree, project, beside)
    told = {name: need for name, need in beside.urls.items() if need in wanted}
    made = _Lines()
    if port and project.language == "node":
        made.env.append(f"  PORT: ${{ports.{port}}}")
    made.env.extend(f"  {name}: {value}" for name, value in project.env)
    made.env.extend(f"  {quoted(name)}: ${{needs.{need}.url}}" for name, need in told.items())
    made.secrets.extend(_secret(service, name, at) for name, at in project.secrets)
    _examples(tree, service, wanted, {*told, *dict(project.env), *dict(project.secrets)}, made)
    found += [f"need: {need} ({kind}), from {at}" for need, (kind, at) in wanted.items()]
    notes += [_otherwise(name, one) for name, one in beside.services.items() if name in wanted and not one.version]
    if made.built:
        notes.append(f"the build reads {', '.join(made.built)}, and nothing after it: set them under `build.args`")
    _addressed(tree, project, wanted, made.env, notes)
    lines = ["", "env:", *made.env] if made.env else []
    lines += ["", *made.unset] if made.unset else []
    lines += ["", "# The paths in the secret store are proposals.", "secrets:", *made.secrets] if made.secrets else []
    return lines + (
        ["", "needs:", *(_need(need, kind, beside) for need, (kind, _) in wanted.items())] if wanted else []
    )


def _secret(service: str, name: str, at: At) -> str:
    return f"  {quoted(name)}: {{from: {service}/{name.lower()}}}  # {at}"


def _examples(tree: Tree, service: str, wanted: Wanted, named: set[str], made: _Lines) -> None:
    """The variables of examples of .env files, but those that are named already."""
    references = around.references(tree, wanted)
    for one in examples.variables(tree):
        if one.name in named:
            continue
        reference = references.get(one.name) or around.reference(one.name, wanted) or _beside(one.name, made.env)
        if one.name.startswith(_BUILT):
            made.built.append(one.name)
        elif reference:
            made.env.append(f"  {quoted(one.name)}: {reference}")
        elif one.secret:
            made.secrets.append(_secret(service, one.name, one.at))
        elif one.value is not None:
            made.env.append(f"  {quoted(one.name)}: {quoted(one.value)}  # {one.at}")
        else:
            made.unset.append(f"# {one.name}: no value was taken from {one.at}")


_BUILT = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_")
"""How variables begin that are read by the build alone, which writes them into scripts of the browser."""
_PASSWORD = regex(r"(\w+)_PASS(?:WORD)?")


def _beside(name: str, env: list[str]) -> str:
    """The password of a need whose address stands in a variable of the same beginning, `REDIS_URL` beside `REDIS_PASSWORD`."""
    found = _PASSWORD.fullmatch(name)
    for line in env if found is not None else ():
        variable, _, value = line.strip().partition(": ")
        if found is not None and variable in (f"{found[1]}_URL", f"{found[1]}_URI") and value.startswith("${needs."):
            return f"{value.split('.url')[0]}.password}}"
    return ""


def _addressed(tree: Tree, project: Project, wanted: Wanted, env: list[str], notes: list[str]) -> None:
    """Adds to `env` the usual variables of the needs whose address none of it holds."""
    for need, (kind, _) in wanted.items():
        if any(f"needs.{need}." in line for line in env):
            continue
        taken = {line.partition(":")[0].strip() for line in env}
        usual = addresses.conventional(tree, project, need, kind)
        clash = next((name for name, _ in usual if name in taken), "")
        free = [name for name in around.URLS[kind] if name not in taken]
        variable = next(iter(free), "")
        named = around.read_in_code(tree, project, free) if not usual else None
        if clash or not (usual or variable):
            name = clash or around.URLS[kind][0]
            env.append(f"  # {name} would be the variable of `{need}`, too: name another one, or remove the need.")
            notes.append(f"{name} holds the address of one need only, not of `{need}`: remove the one that is not used")
        elif usual:
            env += [f"  {name}: {text(value)}" for name, value in usual]
        elif named is not None:
            env.append(f"  {named[0]}: ${{needs.{need}.url}}  # {named[1]}")
        else:
            env.append(
                f"  # {variable} is the usual name: no .env example says how the address is read, nor does the code"
            )
            env.append("  # have a usual name for it.")
            env.append(f"  {variable}: ${{needs.{need}.url}}")
            notes.append(f"the variable with the address of `{need}` is not known: {variable} is set")


def _otherwise(name: str, one: composed.Backing) -> str:
    """What a need is, where a compose file runs another version, or something that is like it."""
    return f"need {name} is {one.type} {KINDS[one.type].default}, not {one.image} as in {one.at}: set its `version` if that matters"  # type: ignore[index]


def _need(name: str, kind: str, beside: composed.Composed) -> str:
    version = beside.services[name].version if name in beside.services else ""
    more = [f'version: "{version}"'] if version else []
    more += ["realise: in-cluster"] if kind in NOT_MANAGED else []
    word = quoted(name)
    return f"  {word}: {{{', '.join((f'type: {kind}', *more))}}}" if more else f"  {word}: {kind}"
