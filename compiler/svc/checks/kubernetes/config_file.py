"""A file that a ConfigMap carries sets a secret in one of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.checks.secrets import holds_secret, is_secret, names_variable
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.tree import mapping

KINDS = frozenset({"ConfigMap"})

_SETTING = regex(
    r"""(?m)^[ \t{,-]*(?:export[ \t]+)?(?P<mark>["']?)(?P<name>[A-Za-z][\w.-]*)(?P=mark)[ \t]*[:=][ \t]*"""
    r"""(?:"(?P<double>[^"\n]+)"|'(?P<single>[^'\n]+)'|(?P<bare>[^\s"'#;,(){}\[\]<>]+))[ \t]*[,;}]*[ \t]*(?:\#.*)?$"""
)
"""`name=value` and `name: value` on a line of its own, in properties, INI, TOML, YAML, JSON and files of variables."""
_NO_VALUE = regex(
    r"^(str(ing)?|int(eger)?|bool(ean)?|number|bytes|text|header|query|cookie|optional|required|[A-Z][a-z]+)$|\w\.\w+$"
)
"""What files say of a type, a place or a label, and what programs take from elsewhere (`config.password`)."""
_NO_SETTINGS = regex(
    r"\.(sh|py|js|ts|lua|rb|pl|sql|go|md|html|xml|tpl|tmpl)$|^(messages|translations?)([._-].*)?\.(properties|json|ya?ml)$"
)
"""Programs, which compute what they set, and the texts of a surface."""
_SWITCHED = regex(r"^(files|compat|db|systemd|sss|ldap|nis|winbind|altfiles|extrausers)$")
"""Where nsswitch.conf has a system look for users (`passwd: files`)."""


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "ConfigMap":
        return
    for key, value in mapping(manifest.tree.data, "data").items():
        if not isinstance(value, str) or "\n" not in value or holds_secret(value):
            continue
        if (found := _setting(key, value)) is not None:
            message = f"`{found['name']}` in key `{key}` of a ConfigMap holds a secret in plain text"
            yield ("data", key), message, (found.start("name"), found.end())


def _setting(key: str, text: str) -> re.Match[str] | None:
    """The first setting of a file that is a secret."""
    if text.startswith("#!") or _NO_SETTINGS.search(key):
        return None
    for found in _SETTING.finditer(text):
        value = found["double"] or found["single"] or found["bare"]
        bare = found["bare"] is not None
        if (
            is_secret(found["name"], value)
            and not _NO_VALUE.search(value)
            and not names_variable(found["name"], value)
            and not (found["name"] == "passwd" and _SWITCHED.search(value))
            and (not bare or _certain(found["name"], value))
        ):
            return found
    return None


def _certain(name: str, value: str) -> bool:
    """Whether a bare word is more than the name of a secret that is elsewhere, which `secret:` and `token:` often say."""
    return bool(re.search(r"passw|pwd|key", name, re.IGNORECASE)) or any(one.isdigit() for one in value)
