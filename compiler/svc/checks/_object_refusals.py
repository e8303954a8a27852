"""What an API server refuses of all other objects, where it stands there: what a patch may leave out is not told."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._refused_values import filled_in, place_held
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.tree import mapping, mappings

_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
"""What a Secret of a type holds."""
_NETWORKED = (
    "azureDisk azureFile cephfs cinder csi fc flexVolume flocker glusterfs iscsi nfs quobyte rbd scaleIO storageos"
)
_VOLUMES = frozenset(
    [*_NETWORKED.split(), "awsElasticBlockStore", "gcePersistentDisk", "hostPath", "local", "vsphereVolume"]
)
"""What a PersistentVolume may be."""
_LEVELS = ("baseline", "privileged", "restricted")
_MODES = tuple(f"pod-security.kubernetes.io/{mode}" for mode in ("audit", "enforce", "warn"))
_RBAC = "rbac.authorization.k8s.io"
_BASE64 = regex(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def keys(manifest: Manifest) -> Iterator[Found]:
    for part in ("data", "binaryData", "stringData"):
        for key in mapping(manifest.tree.data, part):
            if not syntax.config_key(key):
                yield (part, key), f"`{key}` is no key: letters, digits, `-`, `_` and `.`"


def encoded(manifest: Manifest) -> Iterator[Found]:
    """Bytes are written in base64; how something else is written says what it is, so it is not repeated here."""
    for part in ("data",) if manifest.kind == "Secret" else ("binaryData",):
        for key, value in mapping(manifest.tree.data, part).items():
            if not isinstance(value, str) or place_held(value):
                continue
            if not _BASE64.fullmatch(value.replace("\n", "").replace("\r", "")):
                other = "stringData" if part == "data" else "data"
                yield (part, key), f"`{key}` is no base64; what is written as it is belongs into `{other}`"


def secret(manifest: Manifest) -> Iterator[Found]:
    given = {*mapping(manifest.tree.data, "data"), *mapping(manifest.tree.data, "stringData")}
    kind = manifest.tree.get("type")
    missing = [key for key in _KEYS.get(kind, ()) if key not in given] if isinstance(kind, str) and given else []
    if missing:
        yield ("type",), f"a Secret of type `{kind}` holds {' and '.join(f'`{key}`' for key in missing)}, too"


def volume(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    given = [key for key, value in spec.items() if key in _VOLUMES and value is not None]
    if len(given) > 1:
        yield ("spec",), f"the volume is {' and '.join(given)} at once, and can only be one of them"
    if given == ["local"] and spec.get("capacity") and not mapping(spec, "nodeAffinity", "required"):
        yield ("spec", "local"), "a `local` volume is on one node: `nodeAffinity` with `required` says on which"


def namespace(manifest: Manifest) -> Iterator[Found]:
    for key, value in mapping(manifest.tree.data, "metadata", "labels").items():
        if key in _MODES and not filled_in(value) and value not in _LEVELS:
            known = ", ".join(f"`{one}`" for one in _LEVELS)
            yield ("metadata", "labels", key), f"`{value}` is no level of pod security: {known}"


def webhooks(manifest: Manifest) -> Iterator[Found]:
    for index, one in mappings(manifest.tree.data, "webhooks"):
        at: Route = ("webhooks", index)
        client, seconds, name = mapping(one, "clientConfig"), one.get("timeoutSeconds"), one.get("name")
        if isinstance(name, str) and not filled_in(name) and name.count(".") < 2:
            message = f"`{name}` is no name of a webhook: three parts with dots, such as `{name}.example.com`"
            yield (*at, "name"), message
        if client.get("url") is not None and client.get("service") is not None:
            yield (*at, "clientConfig"), "a webhook is called by its `url` or through a `service`, not both"
        url = client.get("url")
        if isinstance(url, str) and url.startswith("http://"):
            yield (*at, "clientConfig", "url"), f"`{url}` does not begin with `https://`"
        if isinstance(seconds, int) and not 1 <= seconds <= 30:
            yield (*at, "timeoutSeconds"), f"`timeoutSeconds` is {seconds}: from 1 to 30"


def rules(manifest: Manifest) -> Iterator[Found]:
    """Of a role, each of which stands as a whole."""
    for index, rule in mappings(manifest.tree.data, "rules"):
        at: Route = ("rules", index)
        urls, groups, resources = (rule.get(key) for key in ("nonResourceURLs", "apiGroups", "resources"))
        if urls and manifest.kind == "Role":
            yield (*at, "nonResourceURLs"), "`nonResourceURLs` are of the cluster: a ClusterRole may have them"
        elif urls and (groups or resources):
            yield (*at, "nonResourceURLs"), "a rule has `nonResourceURLs`, or `apiGroups` and `resources`"
        elif not urls and groups in (None, []):
            yield at, 'the rule has no `apiGroups`: `[""]` is the group of pods and secrets'
        elif not urls and resources in (None, []):
            yield at, "the rule has no `resources`"


def subjects(manifest: Manifest) -> Iterator[Found]:
    for index, one in mappings(manifest.tree.data, "subjects"):
        at: Route = ("subjects", index)
        group, kind = one.get("apiGroup"), one.get("kind")
        if not isinstance(group, str) or not group or filled_in(group):
            continue
        if kind == "ServiceAccount":
            yield (*at, "apiGroup"), f"a ServiceAccount is of no `apiGroup`; remove `{group}`"
        elif kind in ("Group", "User") and group != _RBAC:
            yield (*at, "apiGroup"), f"a {kind} is of `apiGroup: {_RBAC}`, not `{group}`"


def definition(manifest: Manifest) -> Iterator[Found]:
    """What a patch leaves out is not told."""
    spec = mapping(manifest.tree.data, "spec")
    plural, group = mapping(spec, "names").get("plural"), spec.get("group")
    if plural and group and manifest.name and manifest.name != f"{plural}.{group}":
        yield ("metadata", "name"), f"the definition of `{plural}` in group `{group}` is called `{plural}.{group}`"
    stable = manifest.api_version == "apiextensions.k8s.io/v1"
    if stable and spec.get("preserveUnknownFields") is True:
        message = "`preserveUnknownFields: true` is refused; a schema says `x-kubernetes-preserve-unknown-fields: true`"
        yield ("spec", "preserveUnknownFields"), message
    versions = [one for _, one in mappings(spec, "versions")]
    stored = [one for one in versions if one.get("storage") is True]
    if not group or not versions or not all("storage" in one for one in versions):
        return
    for index, one in mappings(spec, "versions") if stable else ():
        if not mapping(one, "schema", "openAPIV3Schema"):
            yield ("spec", "versions", index), f"version `{one.get('name')}` has no `schema.openAPIV3Schema`"
    if len(stored) != 1:
        message = f"{len(stored) or 'no'} version{'s are' if stored else ' is'} stored: exactly one is"
        yield ("spec", "versions"), message
