"""The same services rendered for several environments become one spec each: what is common, and what differs where."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from svc.importers.check import Neighbours, check, neighbours
from svc.importers.draft import Draft
from svc.importers.ledger import Entry
from svc.importers.result import Imported
from svc.kubernetes.types import Manifest
from svc.records import replace

Data = dict[str, Any]


def merged(made: Mapping[str, Imported]) -> Imported:
    """`made` are the imports by environment, in order of delivery."""
    drafts: list[Draft] = []
    names = dict.fromkeys(draft.name for one in made.values() for draft in one.drafts)
    around = {name: one for each in made.values() for name, one in neighbours(each.drafts).items()}
    for name in names:
        by_environment = {env: draft for env, one in made.items() for draft in one.drafts if draft.name == name}
        drafts.append(_draft(name, by_environment, tuple(made), around))
    known = {draft.name: draft for draft in drafts}
    entries = [_entry(entry, env, known) for env, one in made.items() for entry in one.entries]
    first = next(iter(made.values()))
    problems = tuple(problem for one in made.values() for problem in one.diagnostics)
    sources = {name: source for one in made.values() for name, source in one.sources.items()}
    return Imported(first.form, tuple(drafts), tuple(entries), problems, sources, first.project)


def _draft(name: str, drafts: Mapping[str, Draft], every: Sequence[str], around: Neighbours) -> Draft:
    wanted = {env: copy.deepcopy(draft.data) for env, draft in drafts.items()}
    for data in wanted.values():
        data.pop("environments", None)
    draft = Draft(name, next(iter(drafts.values())).folder)
    for one in drafts.values():
        draft.missing += [note for note in one.missing if note not in draft.missing]
        draft.added += [note for note in one.added if note not in draft.added]
    wrong: list[str] = []
    for base, overlays in (common(wanted), common(wanted, apart=("env",)), over_last(wanted)):
        draft.data = {**base, "environments": overlays}
        wrong = _differing(draft, wanted, around)
        if not wrong:
            break
    draft.missing += [f"`environments`: {one}" for one in wrong]
    if len(drafts) < len(every):
        draft.missing.append(f"`environments`: the service is only in {', '.join(drafts)}")
    return draft


def common(wanted: Mapping[str, Data], apart: Sequence[str] = ()) -> tuple[Data, dict[str, Data]]:
    """What all have, and what each has beyond it. Where all differ, the base is what most have, or the last one has.
    Mappings of the keys `apart` are taken whole: the order of variables means something when one is made of others.
    """
    base: Data = {}
    overlays: dict[str, Data] = {env: {} for env in wanted}
    for key in dict.fromkeys(key for data in wanted.values() for key in data):
        values = {env: data[key] for env, data in wanted.items() if key in data}
        different = any(list(_pairs(value)) != list(_pairs(next(iter(values.values())))) for value in values.values())
        if len(values) < len(wanted) or (key in apart and different):
            for env, value in values.items():
                overlays[env][key] = value
        elif all(isinstance(value, dict) for value in values.values()):
            base[key], rest = common(values, apart)
            for env, part in rest.items():
                overlays[env].update({key: part} if part else {})
        else:
            base[key] = _usual(list(values.values()))
            overlays.update({env: {**overlays[env], key: one} for env, one in values.items() if one != base[key]})
    return {key: value for key, value in base.items() if value != {}}, overlays


def _pairs(value: Any) -> Iterable[Any]:
    return value.items() if isinstance(value, dict) else (value,)


def _usual(values: list[Any]) -> Any:
    return max(reversed(values), key=values.count)


def over_last(wanted: Mapping[str, Data]) -> tuple[Data, dict[str, Data]]:
    """The last environment is the base, and the others remove from it what they do not have."""
    base = list(wanted.values())[-1]
    return base, {env: _change(base, data) for env, data in wanted.items()}


def _change(base: Data, data: Data) -> Data:
    found: Data = {key: None for key in base if key not in data}
    for key, value in data.items():
        if key not in base:
            found[key] = value
        elif isinstance(value, dict) and isinstance(base[key], dict):
            part = _change(base[key], value)
            found.update({key: part} if part else {})
        elif value != base[key]:
            found[key] = value
    return found


def _differing(draft: Draft, wanted: Mapping[str, Data], around: Neighbours) -> list[str]:
    """Where the one spec does not give what an environment alone gives."""
    checked = check(draft, around)
    if checked.faults:
        return [checked.faults[0].message]
    found = []
    for env, data in wanted.items():
        alone = Draft(draft.name, draft.folder)
        alone.data = {**data, "environments": {env: {}}}
        before, after = (_objects(one.of(env)) for one in (check(alone, around), checked))
        names = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        found += [f"{kind} {name} of {env} does not come out as it is rendered" for kind, name in names]
    return found


def _objects(manifests: Iterable[Manifest]) -> dict[tuple[str, str], Any]:
    return {(one.kind, one.name): _ordered(one.tree.data) for one in manifests}


def _ordered(value: Any) -> Any:
    """Named lists by name: their order means nothing, unless a variable is made of others."""
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    items = [_ordered(item) for item in value]
    if any(not isinstance(item, dict) or "name" not in item or "$(" in str(item.get("value")) for item in items):
        return items
    return sorted(items, key=lambda item: str(item["name"]))


def _entry(entry: Entry, env: str, drafts: Mapping[str, Draft]) -> Entry:
    """A key that differs from the common part went into its environment."""
    draft, to = drafts.get(entry.note.spec), ("environments", env, *entry.note.to)
    if draft is None or not entry.note.to or draft.get(*to) is None:
        return entry
    return replace(entry, note=replace(entry.note, to=to))
