"""Compose files of every version: each service becomes a spec, or a need of those that refer to it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from svc.checks.secrets import is_stored, names_stored
from svc.importers import compose_needs
from svc.importers import compose_project as project
from svc.importers.compose_beside import close, services
from svc.importers.compose_build import build
from svc.importers.compose_deploy import deploy
from svc.importers.compose_extends import account
from svc.importers.compose_files import Files, Read, assign, configs, env_file, secrets, too_long, unread, unused
from svc.importers.compose_health import health
from svc.importers.compose_jobs import jobs
from svc.importers.compose_links import linked
from svc.importers.compose_ports import expose, ports
from svc.importers.compose_reach import reach
from svc.importers.compose_rest import UNUSED, rest
from svc.importers.compose_secrets import commanded, stored
from svc.importers.compose_secrets import share as share_secrets
from svc.importers.compose_tags import replaced
from svc.importers.compose_values import filled, inserted, land, pairs
from svc.importers.compose_volumes import declared, share, tmpfs, volumes
from svc.importers.compose_workers import fold
from svc.importers.draft import Draft, hardened, label, unique
from svc.importers.ledger import UNKNOWN, Ledger, View
from svc.resolve import dollars


def read(ledgers: Sequence[Ledger], reader: Read = unread, others: Sequence[Ledger] = ()) -> list[Draft]:
    """The drafts of all services of the documents. `reader` reads files beside them; `others` are those extended."""
    both = [*ledgers, *others]
    every = {(one.document.source.name, name): view for one in both for name, view in services(View(one)).items()}
    chains = project.chains(ledgers, every)
    files = Files([View(one) for one in both], reader)
    for ledger in ledgers:
        top = View(ledger)
        _top(top, top.at("services") if top.at("services").there else top)
        for view in services(top).values():
            account(view, every)
    for links in [
        chains.pop(name) for name, links in list(chains.items()) if any(one.at("provider").there for one in links)
    ]:
        for view in links:
            view.dropped(
                "another program that Docker asks, not a container: name what it provides under `needs` or `env`"
            )
    needs = compose_needs.sound(chains)
    taken: set[str] = set()
    names = {name: unique(label(name.partition("@")[0]), taken) for name in chains if name not in needs}
    found = {name: _service(chains[name], Draft(spec), files) for name, spec in names.items()}
    for name, draft in found.items():
        project.place(draft, chains[name], ledgers[0])
    compose_needs.attach(chains, needs, found)
    reach(chains, found)
    share(chains, found)
    jobs(chains, found, both)
    drafts = fold(list(found.values()), both)
    compose_needs.share(drafts)
    share_secrets(drafts)
    used = [link for links in chains.values() for link in links]
    for view in used:
        if view.ledger in others:
            account(view, every)
    close(others, used)
    for ledger in ledgers:
        unused(View(ledger))
    return drafts


def _top(top: View, services: View) -> None:
    for key, view in top.items():
        if key in ("services", "include") or services is top:
            continue
        if key.startswith("x-"):
            view.default("an extension: what is referred to from it stands where it is used")
        elif key in ("version", "networks", "name"):
            view.default(_TOP[key])
        elif key == "volumes":
            declared(view)
        elif key in ("secrets", "configs"):
            continue
        else:
            view.dropped(_TOP.get(key, UNKNOWN))


_TOP = {
    "version": "obsolete: compose files have no version any more",
    "networks": "pods of a namespace reach each other; `access` limits it",
    "name": "the project's name: the namespace in the workspace file, where there are several services",
    "models": "models that Docker runs; name the address of one under `env`",
}


def _service(links: list[View], draft: Draft, files: Files) -> Draft:
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
    linked(links, draft)
    _judged(draft)
    draft.added.append("what it may connect to is limited to the services that it names, its needs and DNS")
    return draft


def _judged(draft: Draft) -> None:
    """What compose takes and the policies of svc refuse."""
    image = str(draft.get("image") or "")
    if image and "@sha256:" not in image:
        draft.missing.append(f"`image`: {image} has no digest, which the policies ask for")
    if draft.get("user") == 0:
        draft.missing.append("`user`: 0 is root, which the policies refuse")
    hardened(draft, "the file")


def _key(key: str, part: View, draft: Draft, files: Files) -> None:
    handlers = {
        "image": _image, "build": build, "command": _command, "entrypoint": _command, "ports": ports,
        "expose": expose, "environment": _environment, "healthcheck": health, "tmpfs": tmpfs,
        "deploy": deploy,
    }  # fmt: skip
    if part.value in (None, [], {}) and (key in handlers or key in UNUSED or key in _FROM_FILES):
        part.default("empty: there is nothing in it")
    elif key in handlers:
        handlers[key](part, draft)
    elif key in _FROM_FILES:
        _FROM_FILES[key](part, draft, files)
    elif key not in ("env_file", "extends") and not rest(key, part, draft):
        part.dropped("an extension" if key.startswith("x-") else UNKNOWN)


_FROM_FILES = {"secrets": secrets, "configs": configs, "volumes": volumes}


def _image(view: View, draft: Draft) -> None:
    draft.set(("image",), filled(view).rstrip(":@"))
    land(view, draft, "image")


def _environment(view: View, draft: Draft) -> None:
    for name, raw, one in pairs(view):
        text, unknown = inserted(one, raw or "")
        if raw is not None and not text and not unknown and names_stored(name):
            stored(draft, name, raw)
            draft.missing.append(
                f"`secrets.{name}`: it is empty in the file: put its value into the store, or remove it"
            )
            one.mapped("secrets", name, reason="it is empty in the file: its value is one of the secret store")
        elif is_stored(name, text) or (names_stored(name) and (raw is None or unknown)):
            _hidden(name, one, draft, "a secret's value never stands in a spec", raw)
        elif any(names_stored(missing) for missing in unknown):
            _hidden(name, one, draft, f"it holds the secret ${{{unknown[0]}}}", raw)
        elif raw is None or unknown:
            assign(draft, name, text)
            names = ", ".join(f"${{{missing}}}" for missing in unknown or (name,))
            one.dropped(f"{names} has no value in the file or in .env: write it into the spec", "env", name)
        elif too_long(text):
            one.dropped("it is longer than what a process gets: give it as a file")
        else:
            assign(draft, name, text)
            one.mapped("env", name)


def _hidden(name: str, one: View, draft: Draft, reason: str, raw: str | None) -> None:
    stored(draft, name, raw)
    one.dropped(f"{reason}: put it into the secret store", "secrets", name)


def _command(view: View, draft: Draft) -> None:
    key = "command" if view.route[-1] == "entrypoint" else "args"
    if isinstance(view.value, str):
        try:
            words = [dollars.word(one) for one in shlex.split(commanded(view, draft)[0])]
        except ValueError:
            view.dropped("its quotes do not match")
            return
    else:
        plain = [one for one in view.each() if not isinstance(one.value, dict | list)]
        words = [dollars.word(commanded(one, draft)[0]) for one in plain]
    if not words:
        view.default("empty: the image's own is used")
        return
    draft.set((key,), words)
    view.mapped(key)
    for index, one in enumerate(view.each() or [view]):
        at = (key, index) if one is not view else (key,)
        _, secret, unknown = commanded(one, draft)
        if secret or unknown:
            view.ledger.notes.pop(one.route, None)
            land(one, draft, *at, reason=f"with {', '.join(secret)} of the secret store", unknown=unknown)
