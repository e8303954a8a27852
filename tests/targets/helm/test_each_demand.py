"""Of each thing that is demanded of values: what it refuses and what it takes. The samples of overrides may pass one over."""

from __future__ import annotations

from typing import Any

import pytest

from svc.fits import fitting
from svc.targets.helm.api import DRAFT
from svc.targets.helm.demands import DEMANDS, demands
from svc.targets.helm.plain_texts import DEFINITIONS, TEXT, VARIABLE, value_of
from svc.targets.helm.types import Path

SUBDOMAIN = (("Other", "-a", "a_b", "a..b", "a" * 254), ("", "a.b-c", "1a"))
SHARE = ("100%", "1.5%", "a", -1, 2**31)
OFF: tuple[tuple[Any, ...], tuple[Any, ...]] = ((True,), (False,))
CONFINED = (("Unconfined",), ("RuntimeDefault", "Localhost"))
LABELS: tuple[tuple[Any, ...], tuple[Any, ...]] = (
    ({"a b": "c"}, {"Example.com/a": "c"}, {"a": "b c"}, {"a": "b" * 64}),
    ({"example.com/a": "B_c.d"}, {"a": ""}),
)
FITS: dict[Path, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    ("fullnameOverride",): (("Other_Name", "1st", "a-", "a.b"), ("", "a", "a-1")),
    ("nameOverride",): (("-a", "a b", "a" * 64), ("", "A.b_c")),
    ("namespaceOverride",): (("A", "a.b", "a-"), ("", "1", "a-b")),
    ("image", "repository"): (("a:latest", "a@sha256:b", "a/B", "https://a/b", ""), ("a.example.com:5000/b/c__d", "Registry/b")),
    ("nodeSelector",): LABELS,
    ("annotations",): (({"a b": ""}, {"/a": ""}), ({"example.com/A": "any thing"},)),
    ("versionLabel",): (("1.0+a", "a" * 64), ("1.0-a", "")),
    ("partOfLabel",): (("a b",), ("a", "")),
    ("image", "tag"): (("1.0+a", "a b", "a" * 64), ("1.0", "")),
    ("serviceAccount", "name"): SUBDOMAIN,
    ("schedule",): (("* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "@never", "*/0 * * * *"), ("*/5 0-6,12 1 jan mon", "@daily", "@every 1m")),
    ("timeZone",): (("", "a b", "/a", "a/"), ("Europe/Berlin", "Etc/GMT+1")),
    ("className",): SUBDOMAIN,
    ("tlsSecretName",): SUBDOMAIN,
    ("storageClass",): SUBDOMAIN,
    ("persistence", "size"): (("0", "0Gi", "-1Gi", "1m", "a"), ("1Gi", "0.5Gi", "1e9", "10")),
    ("commonLabels",): ((*LABELS[0], {"app.kubernetes.io/name": "a"}, {"app.kubernetes.io/instance": "a"}, {"helm.sh/chart": "a"}), LABELS[1]),
    ("config",): (({"a b": ""}, {".": ""}, {"..": ""}, {"a" * 254: ""}, {"": ""}), ({"app.conf": ""}, {"A_B": ""})),
    ("podAnnotations",): (({"a b": ""}, {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}), ({"container.apparmor.security.beta.kubernetes.io/a": "localhost/a"}, {"a": "b c"})),
    ("ingress", "annotations"): (({"nginx.ingress.kubernetes.io/server-snippet": ""}, {"nginx.org/location-snippet": ""}), ({"nginx.ingress.kubernetes.io/proxy-body-size": "1m"},)),
    ("podDisruptionBudget", "minAvailable"): (SHARE, (0, 1, "0%", "99%")),
    ("podDisruptionBudget", "maxUnavailable"): (("0%", "101%", 0, 2**31), (1, "1%", "100%")),
    ("rollingUpdate", "maxSurge"): (("a", "10000%", -1, 2**31), (0, "200%")),
    ("rollingUpdate", "maxUnavailable"): (("101%", -1, 2**31), (0, "0%", "100%")),
    ("privileged",): OFF,
    ("allowPrivilegeEscalation",): OFF,
    ("hostNetwork",): OFF,
    ("hostPID",): OFF,
    ("hostIPC",): OFF,
    ("hostProcess",): OFF,
    ("hostPort",): ((1, 80), (0,)),
    ("runAsNonRoot",): ((False,), (True,)),
    ("runAsUser",): ((0,), (1, 65534)),
    ("procMount",): (("Unmasked",), ("Default",)),
    ("seccompProfile", "type"): CONFINED,
    ("appArmorProfile", "type"): CONFINED,
    ("capabilities", "drop"): (([], ["NET_RAW"]), (["ALL"], ["NET_RAW", "ALL"])),
    ("externalIPs",): ((["10.0.0.1"],), ([],)),
    ("nodePort",): ((-1, 65536), (0, 30080)),
}  # fmt: skip
"""The last keys of a value -> what may not stand there, and what may."""


def test_every_demand_is_tried() -> None:
    assert FITS.keys() == DEMANDS.keys()


@pytest.mark.parametrize("path", FITS, ids=".".join)
def test_a_demand_refuses_and_takes(path: Path) -> None:
    """Also of a value whose name was taken and that got a number."""
    refused, taken = FITS[path]
    for found in (path, (*path[:-1], f"{path[-1]}2"), ("jobs", *path)):
        fits = fitting({"$schema": DRAFT, "allOf": list(demands(found))})
        assert [one for one in refused if fits(one)] == []
        assert [one for one in taken if not fits(one)] == []


SECRET, WORDS = f"ghp_{'a' * 36}", "correct horse"


@pytest.mark.parametrize(
    ("variable", "taken"),
    [
        ({"name": "DB_PASSWORD", "value": WORDS}, False),
        ({"name": "api_key", "value": WORDS}, False),
        ({"name": "TOKEN", "value": "$(OTHER)"}, True),
        ({"name": "TOKEN", "value": "/run/secrets/token"}, True),
        ({"name": "TOKEN", "value": "disabled"}, True),
        ({"name": "PLACE", "value": WORDS}, True),
        ({"name": "PLACE", "value": SECRET}, False),
        ({"name": "PLACE", "value": f"postgres://me:{'b' * 12}@db/a"}, False),
        ({"name": "PLACE", "value": "-----BEGIN RSA PRIVATE KEY-----"}, False),
        ({"name": "PLACE", "value": "a", "valueFrom": {}}, False),
        ({"name": "PLACE", "valueFrom": {}}, True),
        ({"name": "A=B", "value": "a"}, False),
        ({"name": "", "value": "a"}, False),
    ],
)
def test_a_variable_holds_no_secret_in_clear_text(variable: dict[str, Any], taken: bool) -> None:
    assert fitting({"$schema": DRAFT, "definitions": DEFINITIONS, "allOf": [VARIABLE]})(variable) == taken
    if "valueFrom" not in variable and variable["name"] not in ("", "A=B"):
        said = value_of(variable["name"])
        assert (
            fitting({"$schema": DRAFT, "definitions": DEFINITIONS, "allOf": [said, TEXT]})(variable["value"]) == taken
        )
