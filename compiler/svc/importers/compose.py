"""Compose files of every version: each service becomes a spec, or a need of those that refer to it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from svc.checks._secrets import is_secret, names_secret
from svc.importers import compose_needs
from svc.importers.compose_extends import account, chain
from svc.importers.compose_files import Files, Read, assign, configs, env_file, secrets, unread
from svc.importers.compose_rest import rest
from svc.importers.compose_workers import fold
from svc.importers.draft import Draft, label, unique
from svc.importers.interpolate import interpolate
from svc.importers.ledger import Ledger, View, number

_HTTP = {80, 3000, 3001, 4000, 4200, 5000, 5173, 8000, 8001, 8080, 8081, 8088, 8888, 9000}
_KNOWN = {443: "https", 8443: "https", 50051: "grpc", 5432: "postgres", 3306: "mysql", 6379: "redis", 5672: "amqp",
          27017: "mongo", 9092: "kafka", 9090: "metrics", 9100: "metrics"}  # fmt: skip


def read(ledgers: Sequence[Ledger], reader: Read = unread) -> list[Draft]:
    """The drafts of all services of the documents. `reader` reads files beside them."""
    drafts: list[Draft] = []
    taken: set[str] = set()
    every = {(one.document.source.name, name): view for one in ledgers for name, view in _views(View(one)).items()}
    for ledger in ledgers:
        top = View(ledger)
        views = _views(top)
        chains = {name: chain(view, every) for name, view in views.items()}
        files = Files(top, reader)
        _top(top, top.at("services") if top.at("services").there else top)
        needs = compose_needs.sound(views, chains)
        names = {name: unique(label(name), taken) for name in views if name not in needs}
        found = {name: _service(chains[name], Draft(spec), names, files) for name, spec in names.items()}
        for name in names:
            account(views[name], every)
        compose_needs.attach(chains, needs, found)
        drafts += fold(list(found.values()), ledgers)
    return drafts


def _views(top: View) -> dict[str, View]:
    services = top.at("services") if top.at("services").there else top
    return {name: view for name, view in services.items() if isinstance(view.value, dict)}


def _top(top: View, services: View) -> None:
    reasons = {
        "version": "obsolete: compose files have no version any more",
        "networks": "pods of a namespace reach each other; `access` limits it",
        "name": "the project's name; a spec has its service's",
    }
    for key, view in top.items():
        if key == "services" or services is top:
            continue
        if key.startswith("x-"):
            view.default("an extension: what is referred to from it stands where it is used")
        elif key in ("version", "networks"):
            view.default(reasons[key])
        elif key in ("volumes", "secrets", "configs"):
            view.dropped("declares what services use; the storage and values themselves are not part of a spec")
        else:
            view.dropped(reasons.get(key, "svc import does not know this key"))


def _service(links: list[View], draft: Draft, names: dict[str, str], files: Files) -> Draft:
    for link in links:
        if link.at("env_file").there:
            env_file(link.of(draft.name).at("env_file"), draft, files)
    handlers = {
        "image": _image, "build": _build, "command": _command, "entrypoint": _command, "ports": _ports,
        "expose": _expose, "environment": _environment, "healthcheck": _health, "volumes": _volumes, "tmpfs": _tmpfs,
        "deploy": _deploy,
    }  # fmt: skip
    for key, part in [pair for link in links for pair in link.of(draft.name).items()]:
        if key in handlers:
            handlers[key](part, draft)
        elif key in ("secrets", "configs"):
            {"secrets": secrets, "configs": configs}[key](part, draft, Files(View(part.ledger), files.read))
        elif key in ("env_file", "extends"):
            continue
        elif not rest(key, part, draft):
            part.dropped("an extension" if key.startswith("x-") else "svc import does not know this key")
    if draft.get("image") is None and draft.get("build") is None:
        draft.set(("build", "dockerfile"), "Dockerfile")
        draft.missing.append("`image` or `build`: the file names neither; a Dockerfile is assumed")
    reached = sorted({names[one] for one in _hosts(draft) if names.get(one, draft.name) != draft.name})
    if reached:
        draft.set(("access", "to"), reached)
    draft.added.append("what it may connect to is limited to `access.to`, its needs and DNS")
    return draft


def _hosts(draft: Draft) -> set[str]:
    values = [value for value in (draft.get("env") or {}).values() if isinstance(value, str)]
    return {host for value in values for host in re.findall(r"(?:^|[/@,])([A-Za-z][\w.-]*)(?=[:/,]|$)", value)}


def _image(view: View, draft: Draft) -> None:
    text, unknown = interpolate(view.text)
    if unknown:
        draft.missing.append(f"`image`: ${{{unknown[0]}}} has no default in the file")
    draft.set(("image",), text.rstrip(":"))
    view.mapped("image")


def _build(view: View, draft: Draft) -> None:
    """The sources are where the spec is put: its folder is the build's context."""
    context = view if not isinstance(view.value, dict) else view.at("context")
    folder = interpolate(context.text)[0].removeprefix("./").strip("/") if context.there else ""
    draft.context = folder or "."
    if folder and folder != "." and not folder.startswith("..") and "://" not in folder:
        draft.folder = folder
    draft.set(("build", "dockerfile"), "Dockerfile")
    draft.missing.append(
        f"the build is your own Dockerfile in `{folder or '.'}`: put the spec there, or name `build.language` to have one generated"
    )
    context.mapped("build", "dockerfile", reason="the spec's folder is the context")
    for key, part in view.items():
        if key == "dockerfile":
            draft.set(("build", "dockerfile"), interpolate(part.text)[0].removeprefix("./"))
            part.mapped("build", "dockerfile")
        elif key == "target":
            draft.set(("build", "target"), interpolate(part.text)[0])
            part.mapped("build", "target")
        elif key == "args":
            for name, value, one in _pairs(part):
                draft.set(("build", "args", name), interpolate(value or "")[0])
                one.mapped("build", "args", name)
        elif key != "context":
            part.dropped("svc builds by its own cache, platform and label settings")


def _pairs(view: View) -> list[tuple[str, str | None, View]]:
    """A mapping, or a list of `NAME=value`; the value is None where the caller's shell has it."""
    if isinstance(view.value, dict):
        return [(name, None if one.value is None else one.text, one) for name, one in view.items()]
    found = []
    for one in view.each():
        name, sign, value = one.text.partition("=")
        found.append((name, value if sign else None, one))
    return found


def _environment(view: View, draft: Draft) -> None:
    for name, raw, one in _pairs(view):
        text, unknown = interpolate(raw or "")
        if raw is None or unknown or is_secret(name, text):
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
            words = shlex.split(interpolate(view.text)[0])
        except ValueError:
            view.dropped("its quotes do not match")
            return
    else:
        words = [interpolate(one)[0] for one in view.texts()]
    if words:
        draft.set((key,), words)
        view.mapped(key)
    else:
        view.default("empty: the image's own is used")


_SHORT = re.compile(r"(?:(?P<host>.*):)?(?P<port>\d+)(?:/(?P<transport>tcp|udp|sctp))?")


def _ports(view: View, draft: Draft) -> None:
    for one in view.each():
        if isinstance(one.value, dict):
            target = one.at("target")
            _port(draft, interpolate(target.text)[0], one.at("protocol").text or "tcp", one, target)
            for key, part in one.items():
                if key == "protocol":
                    part.mapped("ports")
                elif key != "target":
                    part.dropped("where a port is published is the Service's and the exposure's matter")
            continue
        match = _SHORT.fullmatch(interpolate(one.text)[0])
        if match is None:
            one.dropped("svc import reads single ports: host:container")
        else:
            _port(draft, match["port"], match["transport"] or "tcp", one, one)


def _port(draft: Draft, text: str, transport: str, whole: View, view: View) -> None:
    port = number(text)
    if not isinstance(port, int) or transport == "sctp":
        whole.dropped("svc import reads single TCP and UDP ports")
        return
    known = draft.get("ports") or {}
    if any((one if isinstance(one, int) else one["port"]) == port for one in known.values()):
        view.mapped("ports")
        return
    name = _KNOWN.get(port) or ("http" if port in _HTTP or not known else f"port-{port}")
    name = f"{name}-{port}"[:15] if name in known or transport == "udp" else name
    draft.set(("ports", name), {"port": port, "protocol": "udp"} if transport == "udp" else port)
    view.mapped("ports", name)


def _expose(view: View, draft: Draft) -> None:
    for one in view.each():
        _port(draft, interpolate(one.text)[0].partition("/")[0], "tcp", one, one)


def _health(view: View, draft: Draft) -> None:
    test = view.at("test")
    if view.at("disable").value is True or test.texts()[:1] == ["NONE"]:
        view.default("no healthcheck: the spec has none either")
        return
    words = test.texts()
    if isinstance(test.value, str) or words[:1] == ["CMD-SHELL"]:
        words = ["CMD", "sh", "-c", words[-1] if words else ""]
    if len(words) < 2:
        view.dropped("it asks nothing")
        return
    probe: dict[str, object] = {"exec": [interpolate(word)[0] for word in words[1:]]}
    test.mapped("health", "exec")
    keys = {"interval": "period", "timeout": "timeout", "retries": "failures", "start_period": "initial_delay"}
    for key, part in view.items():
        if key in keys:
            value = interpolate(part.text)[0]
            probe[keys[key]] = number(re.sub(r"\.\d+s$", "s", value))
            part.mapped("health", keys[key])
        elif key != "test":
            part.dropped("Kubernetes has no such timing")
    if "timeout" in probe and "period" not in probe:
        probe["period"] = "30s"
        draft.added.append("health.period: 30s, Docker's own default")
    draft.set(("health",), probe)


def _volumes(view: View, draft: Draft) -> None:
    for one in view.each():
        if isinstance(one.value, dict):
            kind, path = one.at("type").text or "volume", one.at("target").text
        else:
            parts = interpolate(one.text)[0].split(":")
            path = parts[1] if len(parts) > 1 else parts[0]
            kind = "bind" if len(parts) > 1 and parts[0][:1] in "./~" else "volume"
        if kind == "bind" or not path.startswith("/"):
            one.dropped("a folder of the developer's machine; write files into `files`, sources into the image")
        elif kind == "tmpfs":
            draft.set(("volumes", path), {"scratch": "memory"})
            one.mapped("volumes", path)
        else:
            draft.set(("volumes", path), {"size": "1Gi", "access": "once"})
            draft.missing.append(f"`volumes.{path}.size`: compose names none; 1Gi is assumed")
            one.mapped("volumes", path)


def _tmpfs(view: View, draft: Draft) -> None:
    for text in view.texts():
        draft.set(("volumes", text.partition(":")[0]), {"scratch": "memory"})
    view.mapped("volumes")


def _deploy(view: View, draft: Draft) -> None:
    for key, part in view.items():
        if key == "replicas":
            draft.set(("scale",), number(interpolate(part.text)[0]))
            part.mapped("scale")
        elif key == "resources":
            for kind, to in (("reservations", "requests"), ("limits", "limits")):
                for name, one in part.at(kind).items():
                    if name in ("cpus", "memory"):
                        _amount(one, draft, to, "cpu" if name == "cpus" else "memory")
                    else:
                        one.dropped("the language has CPU, memory and storage")
        else:
            part.dropped("how Swarm places and replaces containers; see `rollout` and `placement`")


def _amount(one: View, draft: Draft, to: str, name: str) -> None:
    text = interpolate(one.text)[0]
    if name == "memory":
        match = re.fullmatch(r"(\d+)([kmgKMG])i?[bB]?", text)
        text = f"{match[1]}{match[2].upper().replace('K', 'k') if match[2] not in 'kK' else 'K'}i" if match else text
    draft.set(("resources", to, name), text)
    one.mapped("resources", to, name)
