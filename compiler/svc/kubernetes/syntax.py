"""The strings that an API server accepts: names, labels, quantities, cron lines."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

from svc.patterns import regex
from svc.scalars import digits

_LABEL = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_1035 = regex(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = regex(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_ENV = regex(r"[ -<>-~]+")
_PERCENT = regex(r"[0-9]+%")
_CONFIG_KEY = regex(r"[-._a-zA-Z0-9]+")
_QUANTITY = regex(r"[+-]?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,18})?")
_CRON_FIELDS = (
    ("minute", 0, 59, ""),
    ("hour", 0, 23, ""),
    ("day of month", 1, 31, ""),
    ("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("day of week", 0, 6, "sun mon tue wed thu fri sat"),
)
_CRON_WORDS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_CRON_PART = regex(r"(\*|\?|[a-z0-9]+(-[a-z0-9]+)?)(/[0-9]+)?")


_MARKED = regex(
    r"<(?!(?:nil|none|no value)>)[^<>]+>|%\w+%|@\w+@|(?<![a-z0-9])__\w+__(?![a-z0-9])|__[A-Z0-9_]+__|"
    r"#\{[^{}]+\}|\[\[.+\]\]|^ENC\[.+\]$",
    needs=("<", "%", "@", "__", "#{", "[[", "ENC["),
)
_CAPITALS = regex(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|[A-Z0-9]*(NAME|PLACEHOLDER|CHANGEME|REPLACEME)[A-Z0-9]*")


def filled_in_later(text: str) -> bool:
    """Whether something else puts a value into a text before the API gets it: envsubst, Flux, Kustomize, Helm, or a script
    in the place of a mark such as `<name>`, `%NAME%`, `@NAME@`, `__NAME__`, `#{NAME}#` and `[[ name ]]`. `<no value>` is
    what Go printed of a value that was missing."""
    return "$" in text or "{{" in text or ("\n" not in text and _MARKED.search(text) is not None)


def stands_in(text: str) -> bool:
    """As above, and a word such as `APP_NAME` or `NAMESPACE`, where no word in capitals is ever meant."""
    return filled_in_later(text) or _CAPITALS.fullmatch(text) is not None


def dns_label(text: str, *, limit: int = 63) -> bool:
    return len(text) <= limit and bool(_LABEL.fullmatch(text))


def service_name(text: str) -> bool:
    """RFC 1035: as a DNS label, beginning with a letter."""
    return len(text) <= 63 and bool(_LABEL_1035.fullmatch(text))


def dns_subdomain(text: str) -> bool:
    return len(text) <= 253 and bool(_SUBDOMAIN.fullmatch(text))


@lru_cache(maxsize=2048)
def qualified_name(text: str) -> bool:
    """A label or annotation key: `name`, or `prefix/name`."""
    prefix, slash, name = text.rpartition("/")
    if slash and not dns_subdomain(prefix):
        return False
    return len(name) <= 63 and bool(_QUALIFIED.fullmatch(name))


def label_value(text: str) -> bool:
    return not text or (len(text) <= 63 and bool(_QUALIFIED.fullmatch(text)))


def env_name(text: str) -> bool:
    """Any printable ASCII but `=`, as Kubernetes accepts since 1.34."""
    return bool(_ENV.fullmatch(text))


def config_key(text: str) -> bool:
    return len(text) <= 253 and bool(_CONFIG_KEY.fullmatch(text)) and text != "." and not text.startswith("..")


def percent(text: str) -> bool:
    return bool(_PERCENT.fullmatch(text))


def port_name(text: str) -> bool:
    """IANA service name: at most 15 of a-z, 0-9 and `-`, with a letter, no `-` at an end or twice in a row."""
    return dns_label(text, limit=15) and "--" not in text and any(char.isalpha() for char in text)


def quantity(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) or (
        isinstance(value, str)
        and len(value) <= 4000
        and bool(_QUANTITY.fullmatch(value))  # Python reads no longer number
    )


def cron(text: str) -> str:
    """What is wrong with a schedule; empty when nothing is."""
    if text in _CRON_WORDS or text.startswith("@every "):
        return ""
    if text.upper().startswith(("TZ=", "CRON_TZ=")):
        return "the time zone belongs into timeZone"
    fields = text.split()
    if len(fields) != 5:
        return f"it has {len(fields)} fields, and needs 5: minute hour day-of-month month day-of-week"
    for field, (name, low, high, words) in zip(fields, _CRON_FIELDS, strict=True):
        if not _cron_field(field.lower(), low, high, words.split()):
            return f"`{field}` is no {name} ({low}-{high})"
    return ""


def _cron_field(field: str, low: int, high: int, words: list[str]) -> bool:
    for part in field.split(","):
        if not _CRON_PART.fullmatch(part):
            return False
        span, _, step = part.partition("/")
        if step and not step.strip("0"):
            return False
        if span in ("*", "?"):
            continue
        numbers = [low + words.index(one) if one in words else one for one in span.split("-")]
        if not all(digits(str(one)) and len(str(one)) < 10 and low <= int(one) <= high for one in numbers):
            return False
        if int(numbers[0]) > int(numbers[-1]):
            return False
    return True
