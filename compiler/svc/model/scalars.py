"""The scalar types of the language: each checks one form and says, when it is wrong, what was allowed."""

from __future__ import annotations

import re
from typing import Annotated, Any

from svc.model.cron import CRON_PATTERN, cron_problem
from svc.model.duration import DURATION_PATTERN, duration
from svc.model.image import IMAGE_PATTERN, image
from svc.model.matching import Judged, Matching
from svc.model.network import CIDR_PATTERN, cidr
from svc.model.spelled import flag_of, plain, quoted, refuse, text_of, whole_of
from svc.model.zones import ZONE_PATTERN, zone


def _label_like(text: str) -> str:
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", text.lower())).strip("-")


Text = Annotated[str, Judged(text_of, {"type": ["string", "number", "boolean"]})]
Flag = Annotated[bool, Judged(flag_of, {"type": "boolean"})]


def _range(low: int, high: int, what: str) -> Judged:

    def check(value: Any) -> int:
        number = whole_of(value)
        if low <= number <= high:
            return number
        allowed = f"allowed are {low} to {high}" if low < high else f"write {low}, or leave it out"
        raise refuse(f"{number} is not {what}: {allowed}")

    return Judged(check, {"type": "integer", "minimum": low, "maximum": high})


PortNumber = Annotated[int, _range(1, 65535, "a port")]
NodePort = Annotated[int, _range(30000, 32767, "a node port")]
UserId = Annotated[int, _range(0, 4294967294, "a numeric user or group id")]
Count = Annotated[int, _range(0, 1_000_000, "a count")]
Positive = Annotated[int, _range(1, 1_000_000, "a count")]
Zero = Annotated[int, _range(0, 0, "what is supported")]

LABEL_PATTERN = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
START_PATTERN = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_LETTERS = "(lower-case letters, digits, hyphens, a letter first)"
_UP = r"(^|/)\.\.(/|$)"
_SPACE = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NUMBER = {"type": "number", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0}

LABEL = Matching(START_PATTERN, f"a DNS label {_LETTERS}", "checkout-api", 63, _label_like)
DnsLabel = Annotated[str, LABEL]
"""Names of services, needs, jobs: RFC 1035 labels, since they become Service names."""
ServiceName = Annotated[str, Matching(START_PATTERN, f"a service name {_LETTERS}", "checkout-api", 40, _label_like)]
"""At most 40 characters: names of objects are made from it and Kubernetes allows 63 (52 for a CronJob)."""
ScalerType = Annotated[str, Matching(START_PATTERN, "a scaler of KEDA", "rabbitmq", 63, _label_like)]

_PORT_NAME = Matching(
    r"[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?",
    "a port name (lower-case letters, digits, hyphens)",
    "http-metrics",
    15,
    _label_like,
    has="[a-z]",
)
PortName = Annotated[str, _PORT_NAME]


def _port_reference(value: Any) -> str | int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool):
        if 1 <= number <= 65535:
            return number
        raise refuse(f"{number} is not a port: allowed are 1 to 65535")
    if isinstance(value, str) and _PORT_NAME.fits(value):
        return value
    raise refuse(f"{quoted(value)} is neither a port's name nor its number, such as http or 8080")


PortReference = Annotated[
    str | int,
    Judged(
        _port_reference, {**_PORT_NAME.json_schema(), "type": ["string", "integer"], "minimum": 1, "maximum": 65535}
    ),
]
"""A port by name or by number."""
EnvName = Annotated[
    str,
    Matching(
        r"[A-Za-z_][A-Za-z0-9_.-]*",
        "an environment variable's name",
        "LOG_LEVEL",
        253,
        lambda t: re.sub(r"[^A-Za-z0-9_]", "_", t),
    ),
]
SubdomainName = Annotated[
    str,
    Matching(
        rf"{LABEL_PATTERN}(\.{LABEL_PATTERN})*",
        "a name (lower-case letters, digits, hyphens, dots)",
        "jwt-key",
        253,
        _label_like,
    ),
]
HostName = Annotated[
    str,
    Matching(
        rf"(\*\.)?{LABEL_PATTERN}(\.{LABEL_PATTERN})+",
        "a host name",
        "shop.example.com",
        253,
        lambda t: t.lower().split("://")[-1].split("/")[0],
    ),
]
LabelKey = Annotated[
    str,
    Matching(
        r"([a-z0-9A-Z.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
        "a label or annotation key",
        "example.com/tier",
    ),
]
LabelValue = Annotated[
    str,
    Matching(
        r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?",
        "a label value (letters, digits, - _ .)",
        "backend",
        63,
        bare={"type": ["number", "boolean"], "minimum": 0},
    ),
]
AbsolutePath = Annotated[
    str,
    Matching(
        r"/[^\x00-\x1f\x7f:]*",  # Kubernetes and compose read a colon as the end of a mount's path
        "an absolute path without .. and :",
        "/var/lib/app",
        4096,
        lambda t: "/" + t.lstrip("./"),
        never=_UP,
    ),
]
RelativePath = Annotated[
    str,
    Matching(
        r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*",
        "a path relative to the spec's folder that stays inside it",
        "config/app.yaml",
        4096,
        lambda t: t.lstrip("/"),
        never=_UP,
    ),
]
CopiedPath = Annotated[
    str,
    Matching(
        # COPY takes these signs for quotes, variables and patterns of names (ProcessWord of BuildKit, Go's filepath.Match)
        r"[^/\x00-\x1f\x7f\"$'*?\[\\][^\x00-\x1f\x7f\"$'*?\[\\]*",
        "a path relative to the spec's folder that stays inside it, without quotes, $, \\, *, ? and [",
        "templates",
        4096,
        lambda t: re.sub(r"(^|/)[^/]*[*?\[].*", "", t.lstrip("/")),
        never=_UP,
    ),
]
ContextPath = Annotated[
    str,
    Matching(
        r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*",
        "a path relative to the spec's folder, which may begin with ../",
        "../..",
        4096,
        lambda t: t.lstrip("/"),
        never=r"(^|/)([^./]|\.[^./]|\.\.[^/])[^/]*/(.*/)?\.\.(/|$)",
    ),
]
UrlPath = Annotated[
    str,
    Matching(
        rf"/[^{_SPACE}\"\\{{}}<>^`|#]*",
        "a URL path with a leading slash",
        "/healthz",
        2048,
        lambda t: "/" + re.sub(r"^[a-z]+://[^/]*/?", "", t),
    ),
]


def _memory(text: str) -> str:
    """What was meant: `512mb` and `512` are `512Mi`. Fewer bytes than a million are none that anybody means."""
    units = {"k": "Ki", "m": "Mi", "g": "Gi", "t": "Ti"}
    given = text.strip()
    return (
        given + "Mi"
        if given.isdigit()
        else re.sub(r"\s*([kmgt])i?b?$", lambda m: units[m[1].lower()], given, flags=re.I)
    )


Cpu = Annotated[
    str,
    Matching(
        r"[0-9]*[1-9][0-9]*m|(0?[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\.[0-9]{1,3})?|"
        r"0{1,2}\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9])",  # nothing reserved is no reservation, a limit of nothing is none
        "an amount of CPU",
        "100m or 0.5",
        64,
        fix=lambda t: t + "m" if t.isdigit() else t.lower().removesuffix("cpu").strip(),
        bare={**_NUMBER, "minimum": 0.001, "maximum": 255.999},
    ),
]
Memory = Annotated[
    str,
    Matching(
        r"([0-9]*[1-9][0-9]*(\.[0-9]+)?|0+\.[0-9]*[1-9][0-9]*)(k|M|G|T|Ki|Mi|Gi|Ti)|[0-9]{7,}(\.[0-9]+)?",
        "an amount of memory",
        "128Mi or 1Gi",
        64,
        fix=_memory,
        bare={**_NUMBER, "minimum": 1_000_000},
    ),
]


def _percent(text: str) -> str:
    """What was meant: `70` and `0.7` are `70%`."""
    share = re.fullmatch(r"0?\.([0-9]{1,2})", text)
    return f"{int(share[1].ljust(2, '0'))}%" if share else text + "%"


Quantity = Annotated[
    str,
    Matching(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?", "a quantity", "10Gi", 64, bare=_NUMBER),
]
Percent = Annotated[str, Matching(r"[1-9][0-9]{0,3}%", "a percentage", "70%", fix=_percent)]
CountOrPercent = Annotated[str, Matching(r"[0-9]+%?", "a count or a percentage", "1 or 25%", bare=_COUNT)]
Capability = Annotated[
    str,
    Matching(
        r"[A-Z][A-Z_]+",
        "a Linux capability without CAP_",
        "NET_BIND_SERVICE",
        fix=lambda t: t.upper().removeprefix("CAP_"),
        never="^CAP_",
    ),
]
FileMode = Annotated[str, Matching(r"0?[0-7]{3}", "a file mode in octal", "0440", bare={**_COUNT, "maximum": 777})]
Version = Annotated[str, Matching(r"[0-9A-Za-z][0-9A-Za-z.+_-]*", "a version", "3.14", bare=_NUMBER)]
NeedVersion = Annotated[
    str,
    Matching(
        r"[0-9]{1,9}(\.[0-9]{1,9})*",
        "a version in numbers",
        "17",
        64,
        lambda t: re.sub(r"^[vV]|[-_+ ].*$", "", t),
        bare={**_NUMBER, "maximum": 999_999_999},
    ),
]
Repository = Annotated[str, Matching(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", "a repository as owner/name", "acme/shop")]
AccountId = Annotated[
    str,
    Matching(
        r"[0-9]{12}",
        "an AWS account id of 12 digits",
        "123456789012",
        bare={"type": "integer", "minimum": 10**11, "maximum": 10**12 - 1},
    ),
]
Region = Annotated[str, Matching(r"[a-z]{2}(-[a-z]+)+-[0-9]", "an AWS region", "eu-west-1")]

Duration = Annotated[
    int,
    Judged(
        duration,
        {"type": ["string", "integer"], "pattern": f"^(?:{DURATION_PATTERN})$", "minLength": 1, "minimum": 0},
    ),
]
"""Seconds; written as 30s, 5m, 1h30m or a number of seconds."""


def _cron(value: Any) -> str:
    text = text_of(value)
    wrong = cron_problem(text)
    if wrong:
        raise refuse(f"{quoted(value)} is not a cron line: {wrong}; such as 0 2 * * * (minute hour day month weekday)")
    return text


CronLine = Annotated[str, Judged(_cron, {"type": "string", "pattern": f"^(?:{CRON_PATTERN})$"})]


TimeZone = Annotated[str, Judged(zone, {"type": "string", "pattern": f"^(?:{ZONE_PATTERN})$"})]

ImageReference = Annotated[str, Judged(image, {"type": "string", "pattern": f"^(?:{IMAGE_PATTERN})$"})]
Cidr = Annotated[str, Judged(cidr, {"type": "string", "pattern": f"^(?:{CIDR_PATTERN})$"})]
