"""templates/validate.yaml: prints nothing, and fails where values do not fit each other."""

from __future__ import annotations

import json

from svc.kubernetes.devices import DOMAIN, OWN, PAGES
from svc.targets.helm.checks import message
from svc.targets.helm.print import condition, reference
from svc.targets.helm.refusals import MISSING
from svc.targets.helm.texts import header
from svc.targets.helm.types import (
    Apart,
    AtMost,
    Chart,
    Check,
    Devices,
    Distinct,
    Inside,
    Once,
    Opened,
    PortOf,
    Upward,
    Within,
)
from svc.yaml_scalars import in_template

FILE = "templates/validate.yaml"


def validations(chart: Chart) -> str:
    head = header(chart).replace("*/", "* /")  # a folder may be called `a*`
    about = "What values.schema.json cannot say, since it sees one value at a time."
    parts = [f"{{{{- /*\n{head}\n{about}\n*/}}}}", *("\n".join(_lines(one, chart.name)) for one in chart.checks)]
    return "\n\n".join(parts) + "\n"


def _lines(check: Check, chart: str) -> list[str]:
    match check:
        case AtMost():
            return _at_most(check)
        case Apart():
            one, other = (f"(int64 {reference(path)})" for path in (check.one, check.other))
            return [f"{{{{- if eq {one} {other} }}}}", _fail(check, one), "{{- end }}"]
        case Distinct():
            return ["{{- $seen := dict }}", *(line for one in check.ports for line in _port(check, one))]
        case Opened():
            return _opened(check)
        case Within():
            requests, limits = _both(check)
            request, limit = (f'(include "{chart}.quantity" {one} | float64)' for one in ("$request", "."))
            return [
                f"{{{{- range $name, $request := {requests} }}}}",
                f"{{{{- with get {limits} $name }}}}",
                f"{{{{- if gt {request} {limit} }}}}",
                _fail(check, "$name", "$request", "$name", "."),
                *["{{- end }}"] * 3,
            ]
        case Devices():
            return _devices(check, chart)
        case Upward():
            return _upward(check)
        case Inside():
            return _inside(check, chart)
        case Once():
            return [
                "{{- $seen := dict }}",
                f"{{{{- range {reference(check.path)} }}}}",
                "{{- if hasKey $seen .name }}",
                _fail(check, ".name"),
                "{{- end }}",
                "{{- $_ := set $seen .name true }}",
                "{{- end }}",
            ]


def _port(check: Distinct, port: PortOf) -> list[str]:
    name, number, protocol = 'default "" .name', "(int64 .port)", '(default "TCP" .protocol)'
    if port.form == "number":
        name, protocol = json.dumps(port.name), json.dumps(port.protocol)
        number = f"(int64 {reference(port.path)})" if port.path else str(port.number)
    lines = [
        f"{{{{- $name := {name} }}}}",
        f'{{{{- $port := printf "%v/%v" {number} {protocol} }}}}',
        "{{- if or (hasKey $seen $name) (hasKey $seen $port) }}",
        _fail(check, "$port", "$name"),
        "{{- end }}",
        "{{- $_ := set $seen $name true }}",
        "{{- $_ := set $seen $port true }}",
    ]
    if port.form == "number":
        return lines
    return [f"{{{{- {'range' if port.form == 'list' else 'with'} {reference(port.path)} }}}}", *lines, "{{- end }}"]


def _opened(check: Opened) -> list[str]:
    return [
        f'{{{{- if eq {reference(check.type)} "ClusterIP" }}}}',
        f"{{{{- {'range' if check.each else 'with'} {reference(check.path)} }}}}",
        f"{{{{- with get . {json.dumps(check.key)} }}}}",
        _fail(check, "."),
        *["{{- end }}"] * 3,
    ]


def _upward(check: Upward) -> list[str]:
    return [
        f"{{{{- range {reference(check.path)} }}}}",
        "{{- range .ports }}",
        "{{- if .endPort }}",
        "{{- if gt (int64 .port) (int64 .endPort) }}",
        _fail(check, "(int64 .port)", "(int64 .endPort)"),
        *["{{- end }}"] * 4,
    ]


def _inside(check: Inside, chart: str) -> list[str]:
    """A range lies in another if its bits begin with those of the other, and go on."""

    def bits(range_: str) -> str:
        return f'include "{chart}.bits" {range_} | trunc (add1 (regexFind "[0-9]+$" {range_}) | int)'

    return [
        f"{{{{- range {reference(check.path)} }}}}",
        f"{{{{- range .{check.peers} }}}}",
        "{{- with .ipBlock }}",
        "{{- $cidr := .cidr }}",
        f"{{{{- $around := {bits('$cidr')} }}}}",
        "{{- range .except }}",
        f"{{{{- $bits := {bits('.')} }}}}",
        "{{- if not (and (hasPrefix $around $bits) (gt (len $bits) (len $around))) }}",
        _fail(check, ".", "$cidr"),
        *["{{- end }}"] * 5,
    ]


def _both(check: Within | Devices) -> tuple[str, str]:
    """The requests at the top, and from within them the limits."""
    return reference((*check.path, "requests"), "."), reference((*check.path, "limits"), "$")


def _devices(check: Devices, chart: str) -> list[str]:
    requests, limits = _both(check)
    request, limit = (f'(include "{chart}.quantity" {one} | float64)' for one in ("$request", "$limit"))
    pages, domain, own = (f"(regexFind {json.dumps(one)} $name)" for one in (PAGES, DOMAIN, OWN))
    return [
        f"{{{{- range $name, $request := {requests} }}}}",
        f"{{{{- if or {pages} (and {domain} (not {own})) }}}}",
        f"{{{{- $limit := default {json.dumps(MISSING)} (get {limits} $name) }}}}",
        f"{{{{- if not (eq {request} {limit}) }}}}",
        _fail(check, "$name", "$request", "$name", "$limit"),
        *["{{- end }}"] * 3,
    ]


def _at_most(check: AtMost) -> list[str]:
    low, high = (f"(int64 {reference(path)})" for path in (check.low, check.high))
    whens = [condition(one) for one in check.whens]
    made = [f"{{{{- if {'ge' if check.gap else 'gt'} {low} {high} }}}}", _fail(check, low, high), "{{- end }}"]
    if check.gap:
        share = reference(check.low)
        tight = f'gt 100.0 (mulf (subf 100 (trimSuffix "%" {share})) {high})'
        of_all = [f"{{{{- if {tight} }}}}", _fail(check, share, high), "{{- end }}"]
        made = [f'{{{{- if kindIs "string" {share} }}}}', *of_all, "{{- else }}", *made, "{{- end }}"]
    if not whens:
        return made
    together = whens[0] if len(whens) == 1 else f"and {' '.join(f'({one})' if ' ' in one else one for one in whens)}"
    return [f"{{{{- if {together} }}}}", *made, "{{- end }}"]


def _fail(check: Check, *values: str) -> str:
    return f"{{{{- fail (printf {in_template(message(check))} {' '.join(values)}) }}}}"
