"""The rendered checks of a chart, held against what was meant: once for all charts that have the same ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from svc.patterns import regex
from svc.targets.helm.asked import asked
from svc.targets.helm.check_probes import ADDRESSES, QUANTITIES, check_probes
from svc.targets.helm.expressions import looked_up
from svc.targets.helm.read import documents, engine_of, failure, to_yaml
from svc.targets.helm.refusals import paths, refusal
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.template import Engine
from svc.targets.helm.types import Chart, Devices, Inside, Within
from svc.targets.helm.validate import FILE
from svc.targets.protocol import Fault, Files

_HEAD = regex(r"\{\{- /\*(?:(?!\*/)[\s\S])*\*/\}\}")
"""The comment that names the file of the spec."""
_KEPT = 1024


def checked(chart: Chart, files: Files, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong; `values`: some that every check takes."""
    try:
        engine = engine_of(files, chart.path(""), values, "on", "on")
        known = [looked_up(engine, ("Values", *path)) for check in chart.checks for path in paths(check)]
        key = _key(chart, files, engine, [repr(chart.checks), known])
        fine = _fine(key) if key else []
        faults = () if fine else tuple(_checked(chart, files, values))
    except TemplateError as error:
        return (Fault("read-back", chart.path(FILE), 0, str(error)),)
    if not (faults or fine):
        fine.append(True)
    return faults


def quiet(chart: Chart, files: Files, engine: Engine) -> bool:
    """Whether the rendered checks give nothing for a release. Raises TemplateError when they refuse its values."""
    path = chart.path(FILE)
    key = _key(chart, files, engine, ["quiet"])
    fine = _fine(key) if key else []
    if not fine and all(one is None for one in documents(path, engine.render(files[path]), "renders to")):
        fine.append(True)
    return bool(fine)


@lru_cache(maxsize=_KEPT)
def _fine(key: str) -> list[bool]:  # noqa: ARG001 - what it is remembered by
    """Not empty once nothing was found to be wrong."""
    return []


def _key(chart: Chart, files: Files, engine: Engine, more: Sequence[Any]) -> str:
    """Everything that the text of the checks hangs on, and `more`; empty where that cannot be told.

    A value that is nothing is not one that cannot be asked for: the first is `[None]`, the other `[]`.
    """
    own = f'include "{chart.name}.'
    text = _HEAD.sub("{{- /**/}}", files[chart.path(FILE)], count=1).replace(own, 'include "own.')
    asks = asked(text)
    if asks is None or asks.helpers or any(path[0] != "Values" for path, _ in asks.paths):
        return ""
    known = [looked_up(engine, path) for path, _ in asks.paths]
    names = {
        f"{chart.name}.quantity",
        f"{chart.name}.bits",
        *(name.replace("own.", f"{chart.name}.", 1) for name in asks.applied),
    }
    helpers = _defined(files[chart.path("templates/_helpers.tpl")], chart.name, tuple(sorted(names)))
    return "" if "include" in helpers else json.dumps([text, known, helpers, *more])


@lru_cache(maxsize=4)
def _defined(text: str, chart: str, names: tuple[str, ...]) -> str:
    """What the helpers of these names are: the same text for the same ones, whatever stands around them."""
    engine = Engine({}, to_yaml)
    engine.define(text, chart)
    return repr([engine.defined.get(name) for name in names])


def _checked(chart: Chart, files: Files, values: Mapping[str, Any]) -> Iterator[Fault]:
    """What the checks say of values that they just take and just refuse, and the quantities that they compare."""
    folder, path = chart.path(""), chart.path(FILE)
    for probe in check_probes(chart, values):
        wanted = refusal(chart.checks, probe)
        found = failure(files, path, engine_of(files, folder, probe, "on", "on"))
        if found != wanted:
            yield Fault("read-back", path, 0, f"fails with {found!r} for other values, not with {wanted!r}")
    for text, number in QUANTITIES.items() if any(isinstance(one, Within | Devices) for one in chart.checks) else ():
        engine = engine_of(files, folder, {}, "on", "on")
        said = engine.render(f'{{{{ include "{chart.name}.quantity" "{text}" }}}}')
        if float(said) != number:
            yield Fault("read-back", path, 0, f"takes the quantity {text} for {said}")
    for text, bits in ADDRESSES.items() if any(isinstance(one, Inside) for one in chart.checks) else ():
        engine = engine_of(files, folder, {}, "on", "on")
        said = engine.render(f'{{{{ include "{chart.name}.bits" "{text}" }}}}')
        if said != bits:
            yield Fault("read-back", path, 0, f"takes the addresses {text} for {said}")
