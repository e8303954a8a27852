"""`env`, `secrets` and `needs` of a spec: what the tree's variables are, and where its backing services are told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.detect import addresses, around, composed, composed_values, examples, settings
from svc.detect.project import Project, wants
from svc.detect.scalars import quoted, text
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve.needs import KINDS, NOT_MANAGED

Wanted = dict[str, tuple[str, At]]
"""Needs by name: their type, and what shows that they are there."""
_MANY = 20
"""Variables that are named in a first spec without any value."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is written of the variables, as it is found."""

    env: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)


def environment(
    tree: Tree, project: Project, beside: composed.Composed, service: str, port: str, found: list[str], notes: list[str]
) -> list[str]:
    """`port`: the name of the one that the service opens, or nothing."""
    wanted = around.needs(tree, project, beside)
    made = _Lines()
    if port and project.language == "node":
        made.env.append(f"  PORT: ${{ports.{port}}}")
    made.env.extend(f"  {name}: {value}" for name, value in project.env)
    made.secrets.extend(_secret(service, name, at) for name, at in project.secrets)
    named = {*dict(project.env), *dict(project.secrets)}
    values, variables = examples.examples(tree), examples.variables(tree)
    places = settings.placeholders(tree, project)
    known = {**{name: (value or "", at) for name, (value, at) in places.items()}, **values}
    told = {**around.references(known, wanted), **composed_values.references(beside, known, wanted)}
    told |= addresses.logins(told, (*known, *beside.values))
    _beside_it(beside, service, told, named, made)
    _examples(variables, service, wanted, told, {*named, *beside.values}, made)
    named |= {*beside.values, *(one.name for one in variables)}
    _placeholders(places, service, told, named, made, notes)
    found += [f"need: {need} ({kind}), from {at}" for need, (kind, at) in wanted.items()]
    backing = {**beside.services, **beside.others}
    notes += [_otherwise(name, one) for name, one in backing.items() if name in wanted and not one.version]
    left = [name for name in made.built if name not in composed_values.args(beside)]
    if left:
        notes.append(f"the build reads {', '.join(left)}, and nothing after it: set them under `build.args`")
    notes += composed_values.notes(beside, wants(tree, project, composed_values.CUDA))
    _addressed(tree, project, wanted, made.env, notes)
    notes += [_locked_out(need) for need in wanted if _without_password(need, made.env)]
    lines = ["", "env:", *made.env] if made.env else []
    secrets = ["", "# The paths in the secret store are proposals.", "secrets:", *made.secrets] if made.secrets else []
    unset = ["", *made.unset] if made.unset else []
    lines += [*unset, *_spoken(tree, project, [*made.env, *made.unset, *made.secrets], notes), *secrets]
    return lines + (
        ["", "needs:", *(_need(need, kind, backing) for need, (kind, _) in wanted.items())] if wanted else []
    )


def _secret(service: str, name: str, at: At) -> str:
    return f"  {quoted(name)}: {{from: {service}/{name.lower()}}}  # {at}"


def _beside_it(
    beside: composed.Composed, service: str, references: dict[str, str], named: set[str], made: _Lines
) -> None:
    """The variables that a compose file gives the service, but those that are named already."""
    for name, (value, at) in beside.values.items():
        if name in named or name == "PORT":
            continue
        if name in references:
            made.env.append(f"  {quoted(name)}: {text(references[name])}")
        else:
            _one(examples.variable(name, "" if composed_values.elsewhere(value, beside) else value, at), service, made)


def _one(found: examples.Variable, service: str, made: _Lines) -> None:
    if found.name.startswith(composed_values.BUILT):
        made.built.append(found.name)
    elif found.secret:
        made.secrets.append(_secret(service, found.name, found.at))
    elif found.value is not None:
        made.env.append(f"  {quoted(found.name)}: {quoted(found.value)}  # {found.at}")
    else:
        made.unset.append(f"# {found.name}: no value was taken from {found.at}")


def _examples(
    variables: Sequence[examples.Variable],
    service: str,
    wanted: Wanted,
    told: dict[str, str],
    named: set[str],
    made: _Lines,
) -> None:
    """The variables of examples of .env files, but those that are named already. `told`: which of them hold addresses."""
    for one in variables:
        if one.name in named:
            continue
        reference = told.get(one.name) or around.reference(one.name, wanted) or _beside(one.name, made.env)
        if reference and not one.name.startswith(composed_values.BUILT):
            made.env.append(f"  {quoted(one.name)}: {reference}")
        else:
            _one(one, service, made)


_PASSWORD = regex(r"(\w+)_PASS(?:WORD)?")


def _beside(name: str, env: list[str]) -> str:
    """The password of a need whose address stands in a variable of the same beginning, `REDIS_URL` beside `REDIS_PASSWORD`."""
    found = _PASSWORD.fullmatch(name)
    for line in env if found is not None else ():
        variable, _, value = line.strip().partition(": ")
        if found is not None and variable in (f"{found[1]}_URL", f"{found[1]}_URI") and value.startswith("${needs."):
            return f"{value.split('.url')[0]}.password}}"
    return ""


def _placeholders(
    places: dict[str, tuple[str | None, At]],
    service: str,
    told: dict[str, str],
    named: set[str],
    made: _Lines,
    notes: list[str],
) -> None:
    """What a configuration takes from variables, unless what it says itself is right elsewhere, too."""
    needed = []
    for name, (usual, at) in places.items():
        found = examples.variable(name, usual or "", at)
        if name in named or name == "PORT":
            continue
        if name in told:
            made.env.append(f"  {quoted(name)}: {text(told[name])}")
        elif found.secret and usual == "":
            made.unset.append(f"# {name} may be set for {at}")
        elif found.value is None:
            _one(found, service, made)
            needed += [name] if usual is None and not found.secret else []
    if needed:
        notes.append(
            f"{', '.join(needed)}: the configuration says no value, and without one it does not start: set `env`"
        )


def _spoken(tree: Tree, project: Project, lines: list[str], notes: list[str]) -> list[str]:
    """What the code asks for and none of the lines names."""
    known = set(re.findall(r"^(?:  |# )\"?(\w+)\"?(?::| may)", "\n".join(lines), re.MULTILINE))
    left = [
        (name, at)
        for name, at in settings.read(tree, project)
        if name not in known and not name.startswith(composed_values.BUILT)
    ]
    if not left:
        return []
    named = ", ".join(name for name, _ in left[:_MANY])
    notes.append(f"nothing says what these are, which the code reads: {named}{' and more' if left[_MANY:] else ''}")
    return ["", *(f"# {name} is read in {at}" for name, at in left[:_MANY])]


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


def _without_password(need: str, env: list[str]) -> bool:
    """Whether the address of a need is told, and nothing that lets in."""
    told = [line for line in env if f"${{needs.{need}." in line]
    return bool(told) and not any(f"${{needs.{need}.{one}}}" in line for line in told for one in ("url", "password"))


def _locked_out(need: str) -> str:
    return f"need {need} has a password, and no variable tells it: give one `${{needs.{need}.password}}`"


def _otherwise(name: str, one: composed.Backing) -> str:
    """What a need is, where a compose file runs another version, or something that is like it."""
    return f"need {name} is {one.type} {KINDS[one.type].default}, not {one.image} as in {one.at}: set its `version` if that matters"  # type: ignore[index]


def _need(name: str, kind: str, backing: dict[str, composed.Backing]) -> str:
    version = backing[name].version if name in backing else ""
    more = [f'version: "{version}"'] if version else []
    more += ["realise: in-cluster"] if kind in NOT_MANAGED else []
    word = quoted(name)
    return f"  {word}: {{{', '.join((f'type: {kind}', *more))}}}" if more else f"  {word}: {kind}"
