"""Compose files of every version: each service becomes a spec, or a need of those that refer to it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from svc.checks._secrets import is_secret, names_secret
from svc.importers import compose_needs
from svc.importers.compose_beside import close, services
from svc.importers.compose_build import build
from svc.importers.compose_deploy import deploy
from svc.importers.compose_extends import account, chain
from svc.importers.compose_files import Files, Read, assign, configs, env_file, secrets, unread
from svc.importers.compose_health import health
from svc.importers.compose_jobs import jobs
from svc.importers.compose_links import linked
from svc.importers.compose_ports import expose, ports
from svc.importers.compose_rest import UNUSED, rest
from svc.importers.compose_tags import replaced
from svc.importers.compose_values import filled, land, pairs
from svc.importers.compose_volumes import tmpfs, volumes
from svc.importers.compose_workers import fold
from svc.importers.draft import Draft, label, unique
from svc.importers.interpolate import interpolate
from svc.importers.ledger import UNKNOWN, Ledger, View
from svc.resolve import dollars


def read(ledgers: Sequence[Ledger], reader: Read = unread, others: Sequence[Ledger] = ()) -> list[Draft]:
    """The drafts of all services of the documents. `reader` reads files beside them; `others` are those extended."""
    drafts: list[Draft] = []
    taken: set[str] = set()
    both = [*ledgers, *others]
    every = {(one.document.source.name, name): view for one in both for name, view in services(View(one)).items()}
    used: list[View] = []
    for ledger in ledgers:
        top = View(ledger)
        views = services(top)
        chains = {name: chain(view, every) for name, view in views.items()}
        used += [link for links in chains.values() for link in links]
        files = Files(top, reader)
        _top(top, top.at("services") if top.at("services").there else top)
        needs = compose_needs.sound(views, chains)
        names = {name: unique(label(name), taken) for name in views if name not in needs}
        found = {name: _service(chains[name], Draft(spec), names, files) for name, spec in names.items()}
        for name in names:
            account(views[name], every)
        compose_needs.attach(chains, needs, found)
        jobs(chains, found, both)
        drafts += fold(list(found.values()), both)
    for view in used:
        if view.ledger in others:
            account(view, every)
    close(others, used)
    return drafts


def _top(top: View, services: View) -> None:
    for key, view in top.items():
        if key == "services" or services is top:
            continue
        if key.startswith("x-"):
            view.default("an extension: what is referred to from it stands where it is used")
        elif key in ("version", "networks"):
            view.default(_TOP[key])
        else:
            view.dropped(_TOP.get(key, UNKNOWN))


_DECLARED = "declares what services use; the storage and values themselves are not part of a spec"
_TOP = {
    "version": "obsolete: compose files have no version any more",
    "networks": "pods of a namespace reach each other; `access` limits it",
    "name": "the project's name; a spec has its service's",
    "include": "another compose file: import it as well",
    "models": "models that Docker runs; name the address of one under `env`",
    "volumes": _DECLARED,
    "secrets": _DECLARED,
    "configs": _DECLARED,
}


def _service(links: list[View], draft: Draft, names: dict[str, str], files: Files) -> Draft:
    for link in links:
        if link.at("env_file").there:
            env_file(link.of(draft.name).at("env_file"), draft, files)
    for index, link in enumerate(links):
        for key, part in link.of(draft.name).items():
            tag = replaced(links[index + 1 :], key)
            if tag:
                part.default(f"`{tag}` of {draft.name} takes it out")
            else:
                _key(key, part, draft, files)
    if draft.get("image") is None and draft.get("build") is None:
        draft.set(("build", "dockerfile"), "Dockerfile")
        draft.missing.append("`image` or `build`: the file names neither; a Dockerfile is assumed")
    hosts = _hosts(draft) | linked(links, draft, _hosts(draft))
    reached = sorted({names[one] for one in hosts if names.get(one, draft.name) != draft.name})
    if reached:
        draft.set(("access", "to"), reached)
    _judged(draft)
    draft.added.append("what it may connect to is limited to `access.to`, its needs and DNS")
    return draft


def _judged(draft: Draft) -> None:
    """What compose takes and the policies of svc refuse."""
    image = str(draft.get("image") or "")
    if image and "@sha256:" not in image:
        draft.missing.append(f"`image`: {image} has no digest, which the policies ask for")
    if draft.get("user") == 0:
        draft.missing.append("`user`: 0 is root, which the policies refuse")


def _key(key: str, part: View, draft: Draft, files: Files) -> None:
    handlers = {
        "image": _image, "build": build, "command": _command, "entrypoint": _command, "ports": ports,
        "expose": expose, "environment": _environment, "healthcheck": health, "volumes": volumes, "tmpfs": tmpfs,
        "deploy": deploy,
    }  # fmt: skip
    if part.value in (None, [], {}) and (key in handlers or key in UNUSED):
        part.default("empty: there is nothing in it")
    elif key in handlers:
        handlers[key](part, draft)
    elif key in ("secrets", "configs"):
        {"secrets": secrets, "configs": configs}[key](part, draft, Files(View(part.ledger), files.read))
    elif key not in ("env_file", "extends") and not rest(key, part, draft):
        part.dropped("an extension" if key.startswith("x-") else UNKNOWN)


def _hosts(draft: Draft) -> set[str]:
    values = [value for value in (draft.get("env") or {}).values() if isinstance(value, str)]
    return {host for value in values for host in re.findall(r"(?:^|[/@,])([A-Za-z][\w.-]*)(?=[:/,]|$)", value)}


def _image(view: View, draft: Draft) -> None:
    draft.set(("image",), filled(view).rstrip(":@"))
    land(view, draft, "image")


def _environment(view: View, draft: Draft) -> None:
    for name, raw, one in pairs(view):
        text, unknown = interpolate(raw or "")
        if raw is not None and not text and not unknown and names_secret(name):
            assign(draft, name, None)
            draft.missing.append(
                f"`secrets.{name}`: it is empty in the file: put its value into the store, or remove it"
            )
            one.mapped("secrets", name, reason="it is empty in the file: its value is one of the secret store")
        elif raw is None or unknown or is_secret(name, text):
            _outside(name, raw is not None and not unknown, one, draft)
        else:
            assign(draft, name, text)
            one.mapped("env", name)


def _outside(name: str, given: bool, one: View, draft: Draft) -> None:
    """A value that the file does not have, or that must not stand in a spec."""
    if given or names_secret(name):
        assign(draft, name, None)
        one.dropped("a secret's value never stands in a spec: put it into the secret store", "secrets", name)
    else:
        draft.set(("env", name), "")
        one.dropped(
            "its value comes from the shell or .env, which svc does not read: write it into the spec", "env", name
        )


def _command(view: View, draft: Draft) -> None:
    key = "command" if view.route[-1] == "entrypoint" else "args"
    if isinstance(view.value, str):
        try:
            words = [dollars.word(one) for one in shlex.split(filled(view))]
        except ValueError:
            view.dropped("its quotes do not match")
            return
    else:
        words = [dollars.word(interpolate(one)[0]) for one in view.texts()]
    if words:
        draft.set((key,), words)
        view.mapped(key)
        for index, one in enumerate(view.each() or [view]):
            if interpolate(one.text)[1]:
                view.ledger.notes.pop(one.route, None)
                land(one, draft, key, *([index] if one is not view else []))
    else:
        view.default("empty: the image's own is used")
