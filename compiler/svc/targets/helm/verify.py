"""The templates, read back, must give exactly the judged objects; every object must fit its API's schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.diagnostics import Route, shown
from svc.kubernetes import schema, syntax
from svc.kubernetes.types import Manifest
from svc.targets.helm import meaning
from svc.targets.helm.checked import checked, quiet
from svc.targets.helm.probes import probes
from svc.targets.helm.proved import NOTHING, proved
from svc.targets.helm.read import (
    engine_of,
    merged_values,
    read_data,
    rendered,
    said,
    template_paths,
)
from svc.targets.helm.release import Unsound
from svc.targets.helm.render import metadata
from svc.targets.helm.schema import values_schema
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.template import Engine
from svc.targets.helm.texts import IGNORE
from svc.targets.helm.types import Chart, Environment
from svc.targets.helm.validate import FILE
from svc.targets.protocol import Fault, Files
from svc.tree import encoded, same


def verify(artifact: Chart | None, files: Files, /) -> tuple[Fault, ...]:
    if artifact is None:
        return ()
    faults = tuple(_written(artifact, files))
    if faults:
        return faults
    fine: set[str] = set()
    found = tuple(
        fault
        for one in artifact.environments
        for fault in (*_objects(artifact, one, files), *_schemas(artifact, one, fine))
    )
    return found or tuple(_probed(artifact, files))


def _probed(chart: Chart, files: Files) -> Iterator[Fault]:
    """What the templates give for values that no environment has."""
    path, folder = chart.path("templates"), chart.path("")
    releases = probes(chart)
    for release in releases:
        try:
            objects = meaning.each(release)
            wanted = meaning.by_key(objects)
            engine = engine_of(files, folder, release.values, release.name, release.namespace)
            if _proved(chart, files, engine, [encoded(one) for one in objects], release.namespace):
                found, notes = wanted, said(files, folder, engine)
            else:
                found, notes = rendered(files, folder, engine)
        except (Unsound, TemplateError) as error:
            yield Fault("read-back", path, 0, str(error))
            return
        if found is not wanted:
            yield from _compared(chart, f"with other values (release {release.name})", wanted, found, "read-back")
        if notes != meaning.notes(release):
            yield Fault("read-back", f"{path}/NOTES.txt", 0, f"says {notes!r} for other values")
    if chart.checks:
        yield from checked(chart, files, releases[0].values)


def _proved(chart: Chart, files: Files, engine: Engine, wanted: Sequence[str], namespace: str) -> bool:
    """Whether the templates give what is wanted of each of them, and nothing else gives anything."""
    folder = chart.path("")
    paths = [chart.path(f"templates/{one.file}") for one in chart.templates]
    checks = {chart.path(FILE)} if chart.checks else set()
    if len(set(paths)) != len(paths) or {*paths, *checks} != set(template_paths(files, folder)):
        return False
    if checks and not quiet(chart, files, engine):
        return False
    return proved([files[path] for path in paths], engine, wanted, (chart.name, namespace))


def _written(chart: Chart, files: Files) -> Iterator[Fault]:
    """What the files beside the templates hold, every value, also one that no object shows now."""
    wanted: dict[str, Any] = {"Chart.yaml": metadata(chart), "values.yaml": dict(chart.values)}
    wanted |= {f"values-{one.name}.yaml": dict(one.overrides) for one in chart.environments}
    for name, data in wanted.items():
        path = chart.path(name)
        try:
            found = read_data(files, path)
        except TemplateError as error:
            yield Fault("read-back", path, 0, str(error))
            continue
        if not same(found, data):
            route, text = _difference(data, found, ())
            yield Fault("read-back", path, 0, f"{shown(route)}: {text}")
    if not _is_json(files[chart.path("values.schema.json")], values_schema(chart)):
        yield Fault("read-back", chart.path("values.schema.json"), 0, "the schema differs from what was meant")
    if _patterns(files[chart.path(".helmignore")]) != _patterns(IGNORE):
        yield Fault("read-back", chart.path(".helmignore"), 0, "the patterns differ from what was meant")


def _is_json(text: str, other: str) -> bool:
    """Whether two texts are the same data."""
    try:
        return text == other or same(json.loads(text), json.loads(other))
    except ValueError:
        return False


def _patterns(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip() and not line.startswith("#")]


def _objects(chart: Chart, one: Environment, files: Files) -> Iterator[Fault]:
    folder = chart.path("")
    wanted = {(manifest.kind, manifest.name): manifest.text for manifest in one.manifests}
    try:
        values = merged_values(files, folder, f"values-{one.name}.yaml")
        engine = engine_of(files, folder, values, chart.name, one.namespace)
        index = chart.environments.index(one)
        each = [wanted.pop(template.key_in(index), NOTHING) for template in chart.templates]
        if not wanted and _proved(chart, files, engine, each, one.namespace):
            said(files, folder, engine)
            return
        found, _ = rendered(files, folder, engine)
    except TemplateError as error:
        yield Fault("read-back", chart.path("templates"), 0, str(error))
        return
    yield from differences(chart, one, found, "read-back")


def differences(chart: Chart, one: Environment, found: Mapping[tuple[str, str], Any], tool: str) -> Iterator[Fault]:
    """What rendered objects and judged manifests do not have in common."""
    wanted = {(manifest.kind, manifest.name): manifest.tree.data for manifest in one.manifests}
    return _compared(chart, one.name, wanted, found, tool)


def _compared(
    chart: Chart, place: str, wanted: Mapping[tuple[str, str], Any], found: Mapping[tuple[str, str], Any], tool: str
) -> Iterator[Fault]:
    every = range(len(chart.environments))
    files = {one.key_in(index): one.file for index in every for one in chart.templates}
    for key in sorted(wanted.keys() | found.keys(), key=str):
        path = chart.path(f"templates/{files.get(key, '')}")
        name = f"{place}: {key[0]} {key[1]}"
        if key not in found:
            yield Fault(tool, path, 0, f"{name} is judged, but not rendered")
        elif key not in wanted:
            yield Fault(tool, path, 0, f"{name} is rendered, but not judged")
        elif _text(found[key]) != _text(wanted[key]) and not same(found[key], wanted[key]):
            route, text = _difference(wanted[key], found[key], ())
            yield Fault(tool, path, 0, f"{name}: {shown(route)}: {text}")


def _difference(wanted: Any, found: Any, route: Route) -> tuple[Route, str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted.keys() | found.keys(), key=str):
            if key not in found or key not in wanted or not same(wanted[key], found[key]):
                return _difference(wanted.get(key), found.get(key), (*route, key))
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            if not same(one, other):
                return _difference(one, other, (*route, index))
    return route, f"judged {wanted!r}, rendered {found!r}"


def _text(data: Any) -> str:
    """Plain data as text: true, 1 and 1.0 are not the same."""
    return json.dumps(data, sort_keys=True)


def _schemas(chart: Chart, one: Environment, fine: set[str]) -> Iterator[Fault]:
    """`fine`: objects that the API takes, but for the name of their namespace: those of the next environment seldom differ."""
    for manifest in one.manifests:
        if manifest.origin(())[:1] == ("manifests",) and not schema.known(manifest.api_version, manifest.kind):
            continue
        known = _anywhere(manifest)
        if known in fine:
            continue
        found = schema.check(manifest, schema.MINORS[-1])
        if not found:
            fine.add(known)
        for route, message in found:
            yield Fault(
                "schema",
                chart.path("templates"),
                0,
                f"{one.name}: {manifest.kind} {manifest.name}: {shown(route)}: {message}",
            )


def _anywhere(manifest: Manifest) -> str:
    """An object as text, the same in every namespace where only it itself says which."""
    text, own = manifest.text, f'"namespace": "{manifest.namespace}"'  # no text in JSON has such quotes
    return text.replace(own, "") if text.count(own) == 1 and syntax.dns_label(manifest.namespace) else text
