"""A container of a pod becomes the process of a service, a sidecar or a step before the start."""

from __future__ import annotations

from svc.checks._secrets import is_secret
from svc.importers.draft import Draft, label
from svc.importers.ledger import View, literal

Route = tuple[str, ...]
_PLAIN = {"image": "image", "workingDir": "workdir"}
_TIMES = {"initialDelaySeconds": "initial_delay", "periodSeconds": "period", "timeoutSeconds": "timeout",
          "failureThreshold": "failures", "successThreshold": "successes"}  # fmt: skip
_PROBES = {"readinessProbe": "ready", "livenessProbe": "live", "startupProbe": "startup"}


def container(view: View, draft: Draft, at: Route, volumes: dict[str, View], configs: dict[str, View]) -> None:
    for key, one in view.of(draft.name).items():
        if key in _PLAIN:
            draft.set((*at, _PLAIN[key]), one.text)
            one.mapped(*at, _PLAIN[key])
        elif key in ("command", "args"):
            draft.set((*at, key), one.texts())
            one.mapped(*at, key)
        elif key == "name":
            one.default("svc names containers after the service or the entry")
        elif key == "imagePullPolicy":
            one.default("the compiler always writes Always")
        elif key == "ports":
            _ports(one, draft, at)
        elif key == "env":
            for variable in one.each():
                _variable(variable, draft, at, configs)
        elif key == "envFrom":
            for source in one.each():
                _env_from(source, draft, at, configs)
        elif key == "resources":
            _resources(one, draft, at)
        elif key in _PROBES:
            _probe(one, draft, (*at, "health", _PROBES[key]))
        elif key == "volumeMounts":
            for mount in one.each():
                _mount(mount, draft, at, volumes)
        elif key == "lifecycle":
            _pre_stop(one.at("preStop"), draft, at)
        elif key == "securityContext":
            _security(one, draft, at)
        else:
            one.dropped("svc import does not carry this key of a container over")


def _ports(view: View, draft: Draft, at: Route) -> None:
    for index, one in enumerate(view.each()):
        port = one.at("containerPort")
        name = label(one.at("name").text or ("http" if index == 0 else f"port-{port.text}"), 15)
        udp = one.at("protocol").text == "UDP"
        draft.set((*at, "ports", name), {"port": port.value, **({"protocol": "udp"} if udp else {})})
        for key, part in one.items():
            if key in ("containerPort", "name", "protocol"):
                part.mapped(*at, "ports", name)
            else:
                part.dropped("pods have no ports on the host")


def _variable(view: View, draft: Draft, at: Route, configs: dict[str, View]) -> None:
    name = view.at("name").text
    view.at("name").mapped(*at, "env", name)
    if not view.at("valueFrom").there:
        value = view.at("value")
        if is_secret(name, value.text):
            draft.set((*at, "secrets", name), {"from": f"{draft.name}/{label(name, 60)}"})
            value.dropped("a secret's value never stands in a spec: put it into the secret store", *at, "secrets", name)
            return
        draft.set((*at, "env", name), literal(value.text))
        if value.there:
            value.mapped(*at, "env", name)
        return
    for kind, key in (("secretKeyRef", "secret"), ("configMapKeyRef", "config")):
        source = view.at("valueFrom", kind)
        if not source.there:
            continue
        held = configs.get(source.at("name").text)
        text = held.at("data", source.at("key").text) if held is not None and key == "config" else None
        if text is not None and text.there:
            draft.set((*at, "env", name), literal(text.text))
            text.of(draft.name).mapped(*at, "env", name)
        else:
            made = {key: source.at("name").text, "key": source.at("key").text}
            draft.set(
                (*at, "env", name), {**made, **({"optional": True} if source.at("optional").value is True else {})}
            )
        for part in (source.at("name"), source.at("key"), source.at("optional")):
            if part.there:
                part.mapped(*at, "env", name)
        return
    facts = {"metadata.name": "name", "metadata.namespace": "namespace", "metadata.uid": "uid", "status.podIP": "ip",
             "spec.nodeName": "node", "status.hostIP": "host_ip", "spec.serviceAccountName": "service_account"}  # fmt: skip
    field = view.at("valueFrom", "fieldRef", "fieldPath")
    resource = view.at("valueFrom", "resourceFieldRef", "resource")
    if field.text in facts:
        draft.set((*at, "env", name), f"${{pod.{facts[field.text]}}}")
        field.mapped(*at, "env", name)
    elif resource.there:
        draft.set((*at, "env", name), f"${{{resource.text}}}")
        resource.mapped(*at, "env", name)
    else:
        view.at("name").dropped("its source has no word in the language")


def _env_from(view: View, draft: Draft, at: Route, configs: dict[str, View]) -> None:
    config, secret = view.at("configMapRef", "name"), view.at("secretRef", "name")
    held = configs.get(config.text)
    if held is not None:
        for name, one in held.at("data").items():
            key = view.at("prefix").text + name
            draft.set((*at, "env", key), literal(one.text))
            one.of(draft.name).mapped(*at, "env", key)
        for part in (config, view.at("prefix")):
            if part.there:
                part.mapped(*at, "env")
        return
    entries = draft.get(*at, "env_from") or []
    made = {"secret": secret.text} if secret.there else {"config": config.text}
    draft.set(
        (*at, "env_from"),
        [*entries, {**made, **({"prefix": view.at("prefix").text} if view.at("prefix").there else {})}],
    )
    for one in (config, secret, view.at("prefix")):
        if one.there:
            one.mapped(*at, "env_from", len(entries))


def _resources(view: View, draft: Draft, at: Route) -> None:
    for kind in ("requests", "limits"):
        for name, one in view.at(kind).items():
            key = {"ephemeral-storage": "storage"}.get(name, name)
            if key in ("cpu", "memory", "storage"):
                draft.set((*at, "resources", kind, key), one.text)
                one.mapped(*at, "resources", kind, key)
            else:
                one.dropped("the language has CPU, memory and storage")


def _probe(view: View, draft: Draft, to: Route) -> None:
    for key, one in view.items():
        if key in _TIMES:
            draft.set((*to, _TIMES[key]), one.value)
            one.mapped(*to, _TIMES[key])
    for kind, keys in (("httpGet", ("path", "port")), ("tcpSocket", ("port",)), ("grpc", ("port", "service"))):
        question = {"httpGet": "http", "tcpSocket": "tcp", "grpc": "grpc"}[kind]
        for key in keys:
            one = view.at(kind, key)
            if one.there:
                draft.set((*to, question, key), one.value)
                one.mapped(*to, question, key)
    if view.at("httpGet", "scheme").there:
        draft.set((*to, "http", "scheme"), view.at("httpGet", "scheme").text.lower())
        view.at("httpGet", "scheme").mapped(*to, "http", "scheme")
    if view.at("exec", "command").there:
        draft.set((*to, "exec"), view.at("exec", "command").texts())
        view.at("exec", "command").mapped(*to, "exec")


def _mount(view: View, draft: Draft, at: Route, volumes: dict[str, View]) -> None:
    path, held = view.at("mountPath").text, volumes.get(view.at("name").text)
    source = held.of(draft.name) if held is not None else view
    empty, claim = source.at("emptyDir"), source.at("persistentVolumeClaim", "claimName")
    config, secret = source.at("configMap", "name"), source.at("secret", "secretName")
    key, made = "volumes", {}
    if empty.there and not at:
        size = empty.at("sizeLimit").text
        made = {
            "scratch": "memory" if empty.at("medium").text == "Memory" else "disk",
            **({"size": size} if size else {}),
        }
    elif claim.there and not at:
        made = {"claim": claim.text}
    elif (config.there or secret.there) and not source.at("configMap" if config.there else "secret", "items").there:
        key, made = "files", {"config": config.text} if config.there else {"secret": secret.text}
        if view.at("subPath").there:
            made["key"] = view.at("subPath").text
    if not made:
        view.dropped("svc import carries over scratch, claims, ConfigMaps and Secrets of the main process")
        return
    draft.set((*at, key, path), made)
    for name, one in view.items():
        if name in ("mountPath", "name") or (name == "subPath" and key == "files"):
            one.mapped(*at, key, path)
        else:
            one.dropped("svc import does not carry this key of a mount over")
    for one in (source.at("name"), claim, config, secret, empty, empty.at("medium"), empty.at("sizeLimit")):
        if one.there:
            one.mapped(*at, key, path)


def _security(view: View, draft: Draft, at: Route) -> None:
    for key, one in view.items():
        if key == "runAsUser" and (one.value or 0) != 0:
            draft.set((*at, "user"), one.value)
            one.mapped(*at, "user")
        elif key == "readOnlyRootFilesystem" and not at:
            draft.set(("read_only",), one.value)
            one.mapped("read_only")
        elif key == "capabilities":
            if one.at("add").there:
                draft.set((*at, "capabilities"), one.at("add").texts())
                one.at("add").mapped(*at, "capabilities")
            one.at("drop").default("svc drops all capabilities")
        elif key in ("runAsNonRoot", "allowPrivilegeEscalation", "seccompProfile"):
            one.default("svc always writes the hardened value")
        else:
            one.dropped("svc hardens every container; weaken it by a patch, which the policies judge")


def _pre_stop(view: View, draft: Draft, at: Route) -> None:
    wait, command = view.at("sleep", "seconds"), view.at("exec", "command")
    if not at and (wait.there or command.there):
        draft.set(("rollout", "pre_stop"), wait.value if wait.there else command.texts())
        (wait if wait.there else command).mapped("rollout", "pre_stop")
