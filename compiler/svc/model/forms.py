"""How a field is written, in the reference's words: `list of text`, `[Port](#port) or its port`."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal

from svc.model import scalars
from svc.model.base import Part
from svc.model.mapped import Mapped

SCALARS = {
    "Text": ("text", "any text; quotes are only needed where YAML itself needs them"),
    "Flag": ("true or false", "`true`, `false`"),
    "PortNumber": ("port number", "1 to 65535"),
    "NodePort": ("node port", "30000 to 32767"),
    "UserId": ("user id", "a number"),
    "Count": ("count", "0 and up"),
    "Positive": ("positive count", "1 and up"),
    "Zero": ("zero", "`0` and nothing else"),
    "ScalerType": ("scaler", "a scaler of KEDA: `rabbitmq`, `aws-sqs-queue`, `prometheus`, `cron`"),
    "DnsLabel": ("label", "lower-case letters, digits, hyphens; a letter first; at most 63: `checkout-api`"),
    "ServiceName": ("service name", "a label of at most 40 characters"),
    "PortName": ("port name", "at most 15 lower-case letters, digits, hyphens: `http-metrics`"),
    "PortReference": ("port", "a port's name or number: `http`, `8080`"),
    "EnvName": ("variable name", "`LOG_LEVEL`"),
    "SubdomainName": ("object name", "labels with dots between them: `jwt-key`"),
    "HostName": ("host name", "`shop.example.com`, `*.example.com`"),
    "LabelKey": ("label key", "`tier`, `example.com/tier`"),
    "LabelValue": ("label value", "at most 63 letters, digits, `-`, `_`, `.`"),
    "AbsolutePath": ("absolute path", "`/var/lib/app`"),
    "ContextPath": ("folder path", "inside the workspace's folder: `src`, `../..`"),
    "CopiedPath": ("path to copy", "inside the spec's folder, no pattern: `templates`"),
    "RelativePath": ("relative path", "inside the spec's folder: `config/app.yaml`"),
    "UrlPath": ("URL path", "with a leading slash: `/healthz`"),
    "Cpu": ("CPU", "`100m`, `0.5`, `2`"),
    "Memory": ("memory", "`128Mi`, `1Gi`"),
    "Quantity": ("quantity", "a Kubernetes quantity: `30`, `10Gi`"),
    "Percent": ("percentage", "`70%`"),
    "CountOrPercent": ("count or percentage", "`1`, `25%`"),
    "Capability": ("capability", "without `CAP_`: `NET_BIND_SERVICE`"),
    "FileMode": ("file mode", "octal: `0440`"),
    "Version": ("version", "as written, `3.10` stays `3.10`"),
    "NeedVersion": ("version in numbers", "`17`, `8.4`"),
    "Repository": ("repository", "`owner/name`"),
    "AccountId": ("account id", "12 digits"),
    "Region": ("region", "`eu-west-1`"),
    "Duration": ("duration", "`30s`, `5m`, `1h30m`, or a number of seconds"),
    "ImageReference": ("image", "`ghcr.io/acme/checkout:1.4.2@sha256:<64 hex digits>`"),
    "CronLine": ("cron line", "`0 2 * * *`: minute, hour, day, month, weekday"),
    "Cidr": ("network", "`10.0.0.0/8`"),
    "TimeZone": ("time zone", "`Europe/Berlin`, `Etc/UTC`"),
}
"""Scalar type -> its name in the reference and how a value of it looks."""


def form(annotation: Any) -> str:
    """The words for an annotation, in Markdown."""
    name = scalar(annotation)
    if name:
        return SCALARS[name][0]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return form(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(form(argument) for argument in arguments if argument is not type(None))
    if origin is list:
        return f"list of {form(arguments[0])}"
    if origin is dict:
        return f"mapping of {form(arguments[0])} to {form(arguments[1])}"
    return _plain(annotation)


def _plain(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Mapped):
        link = f"[{annotation.__name__}](#{annotation.__name__.lower()})"
        short = annotation.SHORT if issubclass(annotation, Part) else ""
        return f"{link}, or its `{short}` alone" if short else link
    return {str: "text", bool: "true or false", int: "number"}.get(annotation, "anything")


def scalar(annotation: Any) -> str:
    """The name of a scalar type of the language, also under a union's tag; empty for anything else."""
    if typing.get_origin(annotation) is not Annotated:
        return ""
    for name in SCALARS:
        known = getattr(scalars, name).__metadata__
        if annotation.__metadata__[: len(known)] == known:
            return name
    return ""
