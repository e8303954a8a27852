"""The files of a chart that are no objects: helpers, notes, the table of values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from svc.notice import notice
from svc.targets.helm.print import scalar
from svc.targets.helm.reached import REACHED
from svc.targets.helm.types import Chart, Devices, Inside, Path, Within

_HELPERS = """\
{{/*
@HEADER@
*/}}

{{/* Name of the chart in labels. */}}
{{- define "@CHART@.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the objects: other services find this one by it, so it does not depend on the release. */}}
{{- define "@CHART@.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc @ROOM@ | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "@CHART@.name" .) | trunc @ROOM@ | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Namespace of the objects. */}}
{{- define "@CHART@.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "@CHART@.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What selects the pods: never changes after the first release. */}}
{{- define "@CHART@.selectorLabels" -}}
app.kubernetes.io/name: {{ include "@CHART@.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* Labels that all objects and pods have, also those of other programs, which have versions of their own. */}}
{{- define "@CHART@.sharedLabels" -}}
app.kubernetes.io/part-of: @PART_OF@
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels of what belongs to the service's version. */}}
{{- define "@CHART@.commonLabels" -}}
app.kubernetes.io/version: @VERSION@
{{ include "@CHART@.sharedLabels" . }}
{{- end }}

{{/* Labels of the service's own pods: without the chart's version, which would restart them. */}}
{{- define "@CHART@.podLabels" -}}
{{ include "@CHART@.selectorLabels" . }}
{{ include "@CHART@.commonLabels" . }}
{{- end }}

{{- define "@CHART@.labels" -}}
helm.sh/chart: {{ include "@CHART@.chart" . | quote }}
{{ include "@CHART@.podLabels" . }}
{{- end }}

{{- define "@CHART@.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "@CHART@.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The image, pinned by digest. */}}
{{- define "@CHART@.image" -}}
{{- .Values.image.repository }}{{ with .Values.image.tag }}:{{ . }}{{ end }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}
"""

_QUANTITY = """
{{/* A quantity of the API as a number: 500m is 0.5, and 1Ki is 1024. */}}
{{- define "@CHART@.quantity" -}}
{{- $units := dict "" 1 "n" 0.000000001 "u" 0.000001 "m" 0.001 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "P" 1000000000000000 "E" 1000000000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976 -}}
{{- mulf (regexReplaceAll "[A-Za-z]+$" (toString .) "" | float64) (get $units (regexFind "[A-Za-z]+$" (toString .))) -}}
{{- end }}
"""

_BITS = """
{{/* The address of a range in bits, behind the number of its protocol. */}}
{{- define "@CHART@.bits" -}}
{{- $address := regexReplaceAll "/.*" . "" -}}
{{- if contains ":" $address -}}
{{- $zeros := repeat (sub 8 (len (regexFindAll "[0-9A-Fa-f]+" $address -1)) | int) "0:" -}}
6{{ range regexFindAll "[0-9A-Fa-f]+" (replace "::" (printf ":%s" $zeros) $address) -1 }}{{ printf "%016b" (int64 (printf "0x%s" .)) }}{{ end }}
{{- else -}}
4{{ range splitList "." $address }}{{ printf "%08b" (int64 .) }}{{ end }}
{{- end -}}
{{- end }}
"""


def helpers(chart: Chart) -> str:
    text = _HELPERS + (_QUANTITY if any(isinstance(one, Within | Devices) for one in chart.checks) else "")
    text += _BITS if any(isinstance(one, Inside) for one in chart.checks) else ""
    text = text.replace("@CHART@", chart.name).replace("@PART_OF@", scalar(chart.part_of))
    text = text.replace("@VERSION@", scalar(chart.version_label)).replace("@ROOM@", str(chart.room))
    return text.replace("@HEADER@", header(chart).replace("*/", "* /"))  # a folder may be called `a*`


def header(chart: Chart) -> str:
    return notice(chart.spec)


def notes(chart: Chart) -> str:
    """What `helm install` says."""
    lines = [
        f'{{{{ include "{chart.name}.fullname" . }}}} is released in the namespace {{{{ include "{chart.name}.namespace" . }}}}.'
    ]
    if chart.built:
        lines += [
            '{{- if hasSuffix "00000000" .Values.image.digest }}',
            "",
            "The image has no digest yet, so no pod will start: the deploy sets it with",
            "  --set-string image.digest=sha256:<digest of the image that CI has built>",
            "{{- end }}",
        ]
    if REACHED.issubset(slot.path for slot in chart.slots):
        lines += [
            "{{- if .Values.ingress.enabled }}",
            "",
            "It is reached at:",
            "{{- range .Values.ingress.hosts }}",
            "  https://{{ . }}",
            "{{- end }}",
            "{{- end }}",
        ]
    if any(template.file.startswith("tests/") for template in chart.templates):
        lines += ["", "Test it:", "  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}"]
    return "\n".join(lines) + "\n"


def readme(chart: Chart) -> str:
    lines = [
        f"# {chart.name}",
        "",
        _line(chart.description),
        "",
        f"{header(chart)}",
        "",
        "```sh",
        f"helm upgrade --install {chart.name} . \\",
        f"  --namespace {chart.environments[-1].namespace} \\",
        f"  --values values-{chart.environments[-1].name}.yaml" + (" \\" if chart.built else ""),
    ]
    if chart.built:
        lines.append("  --set-string image.digest=sha256:<digest of the built image>")
    lines += ["```", "", "| value | default | meaning |", "|---|---|---|"]
    for slot in sorted(chart.slots, key=lambda one: one.path):
        if slot.path[:1] == ("helmTest",):
            continue
        lines.append(f"| `{'.'.join(slot.path)}` | {_default(chart.values, slot.path)} | {_line(slot.doc)} |")
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=1024)
def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _default(values: Mapping[str, Any], path: Path) -> str:
    node: Any = values
    for part in path:
        if not isinstance(node, Mapping) or part not in node:
            return ""
        node = node[part]
    text = json.dumps(node, ensure_ascii=False)
    if isinstance(node, dict | list) and len(text) > 60:
        return "see values.yaml"
    short = text if len(text) <= 80 else text[:77] + "..."
    fence = "``" if "`" in short else "`"
    return f"{fence}{' ' if fence == '``' else ''}{short}{' ' if fence == '``' else ''}{fence}".replace("|", "\\|")


IGNORE = """\
# What `helm package` leaves out.
.DS_Store
.git/
.gitignore
*.swp
*.bak
*.tmp
*.orig
*~
"""
