"""The scalar types of the language: each checks one form and says, when it is wrong, what was allowed.

Data reaches the model with every non-string scalar wrapped in `Spelled`, so that a field which wants text sees
`3.10` as it was written and a field which wants a number sees the number.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from svc.model.cron import cron_problem


@dataclass(frozen=True, slots=True)
class Spelled:
    """A scalar that is not a string, with its spelling in the source."""

    value: bool | int | float | None
    text: str


def plain(value: Any) -> Any:
    """A value without `Spelled` wrappers, at any depth."""
    if isinstance(value, Spelled):
        return value.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def refuse(message: str, *at: str) -> PydanticCustomError:
    """An error of the language; `at` leads from the value that is judged to the key that is at fault."""
    # Braces in a message would be read as a template.
    return PydanticCustomError("svc", "{message}", {"message": message, "at": list(at)})


def kind_of(value: Any) -> str:
    """What people call the kind of a value."""
    value = plain(value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "a list"
    return "a mapping" if isinstance(value, dict) else "text"


def quoted(value: Any) -> str:
    text = value.text if isinstance(value, Spelled) else str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"“{text}”" if text else "an empty value"


def _text(value: Any) -> str:
    if isinstance(value, Spelled) and value.value is not None:
        return value.text
    if isinstance(value, str):
        return value
    raise refuse(f"expected text, found {kind_of(value)}")


def _whole(value: Any) -> int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    raise refuse(
        f"expected a whole number, found {quoted(value) if not isinstance(value, dict | list) else kind_of(value)}"
    )


def _flag(value: Any) -> bool:
    flag = plain(value)
    if isinstance(flag, bool):
        return flag
    hint = ""
    if isinstance(flag, str) and flag.lower() in {"yes", "no", "on", "off", "true", "false", "y", "n"}:
        hint = f"; write {'true' if flag.lower() in {'yes', 'on', 'true', 'y'} else 'false'}"
    raise refuse(
        f"expected true or false, found {kind_of(value) if isinstance(value, dict | list) else quoted(value)}{hint}"
    )


def _matching(
    pattern: str, what: str, example: str, limit: int = 0, fix: Callable[[str], str] | None = None
) -> BeforeValidator:
    compiled = re.compile(pattern)

    def check(value: Any) -> str:
        text = _text(value)
        if compiled.fullmatch(text) and (not limit or len(text) <= limit):
            return text
        proposal = fix(text) if fix else ""
        fits = bool(proposal and compiled.fullmatch(proposal)) and (not limit or len(proposal) <= limit)
        hint = f"; write {proposal}" if fits else ""
        length = f" of at most {limit} characters" if limit and len(text) > limit else ""
        raise refuse(f"{quoted(value)} is not {what}{length}, such as {example}{hint}")

    return BeforeValidator(check)


def _schema(pattern: str = "", types: str | list[str] = "string", example: Any = None) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": types}
    if pattern:
        schema["pattern"] = f"^(?:{pattern})$"
    if example is not None:
        schema["examples"] = [example]
    return WithJsonSchema(schema)


def _label_like(text: str) -> str:
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", text.lower())).strip("-")


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]


def _range(low: int, high: int, what: str) -> BeforeValidator:

    def check(value: Any) -> int:
        number = _whole(value)
        if low <= number <= high:
            return number
        raise refuse(f"{number} is not {what}: allowed are {low} to {high}")

    return BeforeValidator(check)


def _integers(low: int, high: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})


PortNumber = Annotated[int, _range(1, 65535, "a port"), _integers(1, 65535)]
NodePort = Annotated[int, _range(30000, 32767, "a node port"), _integers(30000, 32767)]
UserId = Annotated[int, _range(0, 4294967294, "a numeric user or group id"), _integers(0, 4294967294)]
Count = Annotated[int, _range(0, 1_000_000, "a count"), _integers(0, 1_000_000)]
Positive = Annotated[int, _range(1, 1_000_000, "a count"), _integers(1, 1_000_000)]

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_START = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
DnsLabel = Annotated[
    str,
    _matching(
        _START, "a DNS label (lower-case letters, digits, hyphens, a letter first)", "checkout-api", 63, _label_like
    ),
    _schema(_START),
]
"""Names of services, needs, jobs: RFC 1035 labels, since they become Service names."""
ServiceName = Annotated[
    str,
    _matching(
        _START, "a service name (lower-case letters, digits, hyphens, a letter first)", "checkout-api", 40, _label_like
    ),
    _schema(_START),
]
"""At most 40 characters: names of objects are made from it and Kubernetes allows 63 (52 for a CronJob)."""
PortName = Annotated[
    str,
    _matching(
        r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?",
        "a port name (at most 15 lower-case letters, digits, hyphens)",
        "http-metrics",
        15,
        _label_like,
    ),
    _schema(_LABEL),
]


def _port_reference(value: Any) -> str | int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool):
        if 1 <= number <= 65535:
            return number
        raise refuse(f"{number} is not a port: allowed are 1 to 65535")
    if isinstance(value, str) and re.fullmatch(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?", value):
        return value
    raise refuse(f"{quoted(value)} is neither a port's name nor its number, such as http or 8080")


PortReference = Annotated[str | int, BeforeValidator(_port_reference), WithJsonSchema({"type": ["string", "integer"]})]
"""A port by name or by number."""
EnvName = Annotated[
    str,
    _matching(
        r"[A-Za-z_][A-Za-z0-9_.-]*",
        "an environment variable's name",
        "LOG_LEVEL",
        253,
        lambda t: re.sub(r"[^A-Za-z0-9_]", "_", t),
    ),
    _schema(),
]
SubdomainName = Annotated[
    str,
    _matching(
        rf"{_LABEL}(\.{_LABEL})*", "a name (lower-case letters, digits, hyphens, dots)", "jwt-key", 253, _label_like
    ),
    _schema(),
]
HostName = Annotated[
    str,
    _matching(
        rf"(\*\.)?{_LABEL}(\.{_LABEL})+",
        "a host name",
        "shop.example.com",
        253,
        lambda t: t.lower().split("://")[-1].split("/")[0],
    ),
    _schema(rf"(\*\.)?{_LABEL}(\.{_LABEL})+"),
]
LabelKey = Annotated[
    str,
    _matching(
        r"([a-z0-9A-Z.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
        "a label or annotation key",
        "example.com/tier",
    ),
    _schema(),
]
LabelValue = Annotated[
    str,
    _matching(
        r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?", "a label value (letters, digits, - _ .)", "backend", 63
    ),
    _schema("", ["string", "number", "boolean"]),
]
AbsolutePath = Annotated[
    str,
    _matching(
        r"/(?!.*(^|/)\.\.(/|$))[^\0\n]*",
        "an absolute path without ..",
        "/var/lib/app",
        4096,
        lambda t: "/" + t.lstrip("./"),
    ),
    _schema("/.*"),
]
RelativePath = Annotated[
    str,
    _matching(
        r"(?!/)(?!(.*/)?\.\.(/|$))[^\0\n]+",
        "a path relative to the spec's folder that stays inside it",
        "config/app.yaml",
        4096,
        lambda t: t.lstrip("/"),
    ),
    _schema(),
]
UrlPath = Annotated[
    str,
    _matching(r"/[^\s\"\\{}<>^`|#]*", "a URL path with a leading slash", "/healthz", 2048, lambda t: "/" + t),
    _schema("/.*"),
]
_QUANTITY = r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?"
Cpu = Annotated[
    str,
    _matching(
        r"([0-9]+m|[0-9]+(\.[0-9]{1,3})?)",
        "an amount of CPU",
        "100m or 0.5",
        0,
        lambda t: t.lower().removesuffix("cpu").strip(),
    ),
    _schema("", ["string", "number"]),
]
Memory = Annotated[
    str,
    _matching(
        r"[0-9]+(\.[0-9]+)?(k|M|G|T|Ki|Mi|Gi|Ti)?",
        "an amount of memory",
        "128Mi or 1Gi",
        0,
        lambda t: re.sub(
            r"\s*([kmgt])i?b?$",
            lambda m: {"k": "Ki", "m": "Mi", "g": "Gi", "t": "Ti"}[m[1].lower()],
            t.strip(),
            flags=re.I,
        ),
    ),
    _schema("", ["string", "number"]),
]
Quantity = Annotated[str, _matching(_QUANTITY, "a quantity", "10Gi"), _schema("", ["string", "number"])]
Percent = Annotated[
    str, _matching(r"([1-9][0-9]{0,3})%", "a percentage", "70%", 0, lambda t: t + "%"), _schema(r"[1-9][0-9]{0,3}%")
]
CountOrPercent = Annotated[
    str, _matching(r"[0-9]+%?", "a count or a percentage", "1 or 25%"), _schema("", ["string", "integer"])
]
Capability = Annotated[
    str,
    _matching(
        r"(?!CAP_)[A-Z][A-Z_]+",
        "a Linux capability without CAP_",
        "NET_BIND_SERVICE",
        0,
        lambda t: t.upper().removeprefix("CAP_"),
    ),
    _schema(r"[A-Z_]+"),
]
FileMode = Annotated[str, _matching(r"0?[0-7]{3}", "a file mode in octal", "0440"), _schema("", ["string", "integer"])]
Version = Annotated[
    str, _matching(r"[0-9A-Za-z][0-9A-Za-z.+_-]*", "a version", "3.14"), _schema("", ["string", "number"])
]
Repository = Annotated[
    str,
    _matching(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", "a repository as owner/name", "acme/shop"),
    _schema(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+"),
]
AccountId = Annotated[
    str, _matching(r"[0-9]{12}", "an AWS account id of 12 digits", "123456789012"), _schema("", ["string", "integer"])
]
Region = Annotated[str, _matching(r"[a-z]{2}(-[a-z]+)+-[0-9]", "an AWS region", "eu-west-1"), _schema()]

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def _duration(value: Any) -> int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return number
    text = _text(value)
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise refuse(f"{quoted(value)} is not a duration, such as 30s, 5m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    WithJsonSchema({"type": ["string", "integer"], "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$", "minimum": 0}),
]
"""Seconds; written as 30s, 5m, 1h30m or a number of seconds."""

_IMAGE = re.compile(
    r"(?P<repository>(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


def image_parts(text: str) -> tuple[str, str, str] | None:
    """Repository, tag and digest of an image reference (empty when absent), or None when it is none."""
    match = _IMAGE.fullmatch(text)
    return None if match is None else (match["repository"], match["tag"] or "", match["digest"] or "")


def _image(value: Any) -> str:
    text = _text(value)
    if image_parts(text) is None:
        raise refuse(
            f"{quoted(value)} is not an image reference, such as ghcr.io/acme/checkout:1.4.2@sha256:<64 hex digits>"
        )
    return text


ImageReference = Annotated[str, BeforeValidator(_image), WithJsonSchema({"type": "string"})]


def _cron(value: Any) -> str:
    text = _text(value)
    wrong = cron_problem(text)
    if wrong:
        raise refuse(f"{quoted(value)} is not a cron line: {wrong}; such as 0 2 * * * (minute hour day month weekday)")
    return text


CronLine = Annotated[str, BeforeValidator(_cron), WithJsonSchema({"type": "string", "examples": ["0 2 * * *"]})]


def _cidr(value: Any) -> str:
    text = _text(value)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise refuse(f"{quoted(value)} is not a network in CIDR form, such as 10.0.0.0/8") from None
    if "/" not in text or str(network) != text:
        raise refuse(f"{quoted(value)} is not a network in CIDR form; write {network}")
    return text


Cidr = Annotated[str, BeforeValidator(_cidr), WithJsonSchema({"type": "string", "examples": ["10.0.0.0/8"]})]


def _zone(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(r"[A-Za-z]+([/_+-][A-Za-z0-9]+)*", text):
        raise refuse(f"{quoted(value)} is not a time zone of the IANA database, such as Europe/Berlin or Etc/UTC")
    return text


TimeZone = Annotated[str, BeforeValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Etc/UTC"]})]
