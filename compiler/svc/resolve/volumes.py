"""Volumes and mounts of one process: scratch, persistent, files from texts, ConfigMaps and Secrets."""

from __future__ import annotations

import posixpath
import re
from typing import Literal

from svc.diagnostics import Route, Severity
from svc.model.process import Container as GivenContainer
from svc.model.service import Service
from svc.model.storage import File as GivenFile
from svc.model.storage import Volume as GivenVolume
from svc.model.work import Job, Worker
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve import names
from svc.resolve.context import Context
from svc.resolve.types.around import ConfigObject, SecretEntry
from svc.resolve.types.process import Mount
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, SecretFiles, Volume
from svc.source import Unreadable

Access = Literal["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]
_ACCESS: dict[str, Access] = {
    "once": "ReadWriteOnce",
    "once-pod": "ReadWriteOncePod",
    "many": "ReadWriteMany",
    "read-only": "ReadOnlyMany",
}
DISK_SCRATCH, MEMORY_SCRATCH = "1Gi", "64Mi"
_MODE = 0o444


@dataclass(slots=True)
class Storage:
    """What a process mounts, each with the volume behind it, and the ConfigMap entries that its files make."""

    found: tuple[tuple[Volume, Mount], ...] = ()
    data: dict[str, tuple[str, Route]] = field(default_factory=dict)


def storage(context: Context, part: GivenContainer | Service, at: Route, inherit: Service | None) -> Storage:
    """All mounts of a process. Volumes are called after their paths: what is unique in a pod is told by `of_pod`."""
    made = Storage()
    found: list[tuple[Volume, Mount]] = []
    parts: list[tuple[GivenContainer | Service, Route]] = (
        [(part, at)] if inherit is None else [(inherit, ()), (part, at)]
    )
    for one, route in parts:
        shared = one is inherit
        found += _scratch(one, route)
        found += _volumes(one, route, shared=shared)
        found += _files(context, one, route, made)
        found += _secret_files(context, one, route)
    found += _shared(context, part, at)
    taken: dict[str, Route] = {}
    kept: list[tuple[Volume, Mount]] = []
    for volume, mount in found:
        path = _clean(mount.path)
        if path in taken:
            if inherit is None:
                context.report(
                    "path-mounted-twice",
                    mount.at,
                    f"`{mount.path}` is mounted twice: keep one",
                    related=(("the other", taken[path]),),
                    anchor="key",
                )
            continue
        taken[path] = mount.at
        _mountable(context, mount)
        kept.append((volume, mount))
    made.found = tuple(kept)
    return made


def _clean(path: str) -> str:
    """The path as the kernel reads it: without doubled slashes, dots, and a slash at the end."""
    return posixpath.normpath("/" + path.lstrip("/"))


def _mountable(context: Context, mount: Mount) -> None:
    if _clean(mount.path) == "/":
        message = f"`{mount.path}` is the root of the container, which nothing can be mounted over"
        help_ = "name something below it, such as /data"
        context.report("path-not-mountable", mount.at, message, help=help_, anchor="key")


def _file_name(context: Context, path: str, at: Route) -> str:
    """The last part of the path of one file."""
    base = path.rsplit("/", 1)[-1]
    if base in ("", ".") and _clean(path) != "/":
        message = f"`{path}` is the path of a folder, and one file is to stand there"
        help_ = f"name the file too, such as {_clean(path)}/config.yaml"
        context.report("path-not-mountable", at, message, help=help_, anchor="key")
    return base


def _scratch(part: GivenContainer | Service, at: Route) -> list[tuple[Volume, Mount]]:
    declared = set(part.volumes) if isinstance(part, Service) else set()
    own = ("writable",)
    paths = [path for path in part.writable if path not in declared]
    return [
        (Scratch(slug(path), DISK_SCRATCH, False, (*at, *own, index)), Mount(slug(path), path, at=(*at, *own, index)))
        for index, path in enumerate(paths)
    ]


def _volumes(part: GivenContainer | Service, at: Route, *, shared: bool) -> list[tuple[Volume, Mount]]:
    found: list[tuple[Volume, Mount]] = []
    for path, volume in part.volumes.items() if isinstance(part, Service) else ():
        here, name = (*at, "volumes", path), slug(path)
        mount = Mount(name, path, volume.sub_path, volume.read_only, here)
        if volume.scratch:
            size = volume.size or (MEMORY_SCRATCH if volume.scratch == "memory" else DISK_SCRATCH)
            found.append((Scratch(name, size, volume.scratch == "memory", here), mount))
        elif not shared or volume.claim or volume.access in {"many", "read-only"}:
            found.append((_claim(name, volume, here), mount))
    return found


def _claim(name: str, volume: GivenVolume, at: Route) -> Claim:
    access = volume.access or "once"
    template = not volume.claim and access in {"once", "once-pod"}
    annotations = tuple(sorted(volume.annotations.items()))
    return Claim(
        name,
        volume.size or "",
        _ACCESS[access],
        volume.storage_class or "",
        volume.keep,
        volume.claim or "",
        template,
        annotations,
        at,
    )


def _shared(context: Context, part: GivenContainer | Service, at: Route) -> list[tuple[Volume, Mount]]:
    if isinstance(part, Service) or not part.share:
        return []
    available = {
        mount.path: (volume, mount)
        for volume, mount in (*_scratch(context.service, ()), *_volumes(context.service, (), shared=False))
    }
    found = []
    for index, path in enumerate(part.share):
        here = (*at, "share", index)
        if path not in available:
            listing = ", ".join(sorted(available)) or "none"
            context.report("shared-path-unknown", here, f"the service has no volume at `{path}`; it has {listing}")
            continue
        volume, mount = available[path]
        if isinstance(part, Worker | Job) and isinstance(volume, Claim) and volume.template:
            message = f"`{path}` is a volume of each replica of the service, which pods of their own cannot mount"
            help_ = "write `access: many`, name an existing `claim`, or do it in a sidecar"
            context.report("shared-path-unknown", here, message, help=help_, related=(("the volume", volume.at),))
            continue
        found.append((volume, Mount(volume.name, path, mount.sub_path, mount.read_only, here)))
    return found


def _files(context: Context, part: GivenContainer | Service, at: Route, made: Storage) -> list[tuple[Volume, Mount]]:
    found: list[tuple[Volume, Mount]] = []
    own = names.config_object(context.service.name)
    inline: list[tuple[str, str, int | None]] = []
    mounts: list[Mount] = []
    for path, file in part.files.items():
        here = (*at, "files", path)
        mode = int(file.mode, 8) if file.mode is not None else None
        if file.config is not None or file.secret is not None:
            found.append(_existing(context, path, file, mode, here))
            continue
        text = file.content if file.content is not None else _read(context, file.source or "", (*here, "source"))
        _file_name(context, path, here)
        _unfilled(context, text, (*here, "content" if file.content is not None else "source"), here)
        key = _key(path, part.files)
        if key in made.data and made.data[key][0] != text:
            _clash(context, key, here, made.data[key][1])
        content = (*here, "content")
        made.data[key] = (text, content if content in context.origins else here)
        inline.append((key, key, mode))
        mounts.append(Mount("files", path, key, True, here))
    if inline:
        volume = ConfigFiles("files", own, tuple(sorted(inline)), _MODE, False, (*at, "files"))
        found += [(volume, mount) for mount in mounts]
    return found


_UNFILLED = regex(r"(?<!\$)\$\{(?:needs|services)\.[a-z][^}\s]*\}")


def _unfilled(context: Context, text: str, at: Route, whole: Route) -> None:
    """`whole`: of the file, whose short form has no keys."""
    found = _UNFILLED.search(text)
    if found is not None:
        message = f"{found[0]} stays as it is written: only `environment` and `service` are filled into files"
        help_ = "write it into `env`, and let the process read the variable"
        words = "" if at[-1] == "source" else found[0]
        at = at if at in context.origins else whole
        context.report("reference-in-file", at, message, help=help_, severity=Severity.WARNING, words=words)


def _key(path: str, files: dict[str, GivenFile]) -> str:
    """A key of a ConfigMap: the API takes none that is `.` or begins with `..`."""
    base = path.rsplit("/", 1)[-1]
    alone = sum(1 for other in files if other.rsplit("/", 1)[-1] == base) == 1
    key = re.sub(r"[^-._a-zA-Z0-9]", "_", base if alone else path.strip("/").replace("/", "_"))
    return re.sub(r"^\.(?=\.|$)", "_", key)


def _read(context: Context, source: str, at: Route) -> str:
    loaded = context.read(source)
    if isinstance(loaded, Unreadable):
        context.report(
            "file-source-unreadable",
            at,
            f"`{source}` cannot be read: {loaded.message}",
            help="paths are relative to the spec's folder",
        )
        return ""
    return loaded.text


def _existing(context: Context, path: str, file: GivenFile, mode: int | None, at: Route) -> tuple[Volume, Mount]:
    name = slug(path)
    items = tuple((key, target, None) for target, key in file.items.items())
    sub_path = ""
    if file.key is not None:
        sub_path = _file_name(context, path, at)
        items = ((file.key, sub_path, None),)
    default = mode if mode is not None else _MODE
    if file.secret is not None:
        return SecretFiles(name, file.secret, items, default, file.optional, at), Mount(name, path, sub_path, True, at)
    return ConfigFiles(name, file.config or "", items, default, file.optional, at), Mount(
        name, path, sub_path, True, at
    )


def _secret_files(context: Context, part: GivenContainer | Service, at: Route) -> list[tuple[Volume, Mount]]:
    found: list[tuple[Volume, Mount]] = []
    for name, secret in part.secrets.items():
        if secret.file is None:
            continue
        here = (*at, "secrets", name)
        holder = secret.secret or names.secrets_object(context.service.name)
        key = (secret.key or name) if secret.secret is not None else name
        base = _file_name(context, secret.file, (*here, "file"))
        volume = SecretFiles(slug(secret.file), holder, ((key, base, None),), _MODE, secret.optional, here)
        found.append((volume, Mount(volume.name, secret.file, base, True, here)))
    return found


def _clash(context: Context, key: str, at: Route, other: Route) -> None:
    message = f"two files become `{key}` in the ConfigMap: rename one"
    file, first = (route[:-1] if route[-1] == "content" else route for route in (at, other))
    context.report("file-key-clash", file, message, related=(("the other", first),), anchor="key")


def config_objects(context: Context, parts: list[Storage]) -> tuple[ConfigObject, ...]:
    """The one ConfigMap with all texts; the same key with two texts is an error."""
    data: dict[str, tuple[str, Route]] = {}
    for part in parts:
        for key, (text, at) in part.data.items():
            if key in data and data[key][0] != text:
                _clash(context, key, at, data[key][1])
            data.setdefault(key, (text, at))
    if not data:
        return ()
    texts = tuple((key, text) for key, (text, _) in data.items())
    routes = tuple(at for _, at in data.values())
    return (ConfigObject(names.config_object(context.service.name), texts, ("files",), routes),)


def secret_entries(context: Context, parts: list[tuple[GivenContainer | Service, Route]]) -> tuple[SecretEntry, ...]:
    """What the secret store must deliver for the `secrets` of all processes, in one Secret; one name is one of them."""
    found: dict[str, SecretEntry] = {}
    for part, at in parts:
        for name, secret in part.secrets.items():
            if secret.from_ is None:
                continue
            one = SecretEntry(name, secret.from_, secret.key or "", (*at, "secrets", name))
            first = found.setdefault(name, one)
            if (first.path, first.property) != (one.path, one.property):
                message = f"two secrets of the store become `{name}` in the Secret of the service: rename one"
                text = f"where both are to be `{name}` for the process, rename both: `env: {{{name}: '${{secrets.NEW}}'}}` beside each"
                related = (("the other", first.at),)
                context.report("secret-clash", one.at, message, help=text, related=related, anchor="key")
    return tuple(found.values())


def slug(path: str) -> str:
    """A volume's name from a path: at most 50 lower-case letters, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:50].strip("-") or "root"
