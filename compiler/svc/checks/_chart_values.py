"""Which values a chart's templates ask for, as far as their text says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.patterns import regex
from svc.records import dataclass
from svc.targets.helm.source import VALUES, SourceChart

Path = tuple[str, ...]
_ACTION = regex(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_COMMENT = regex(r"^\s*/\*.*\*/\s*$", re.DOTALL)
_HOLDER = r"\$?(?:\w+(?=\.))?(?:\.(?!Values\b|Subcharts\b)\w+)*"
"""What `.Values` is asked of: nothing or `$`, the chart; or what a helper was given (`$top`, `.context`)."""
_REFERENCE = regex(rf"(?:(?<=[\s(])|^){_HOLDER}\.Values((?:\.[A-Za-z_]\w*)*)(?![\w.])")
_INDEX = regex(rf'(?:index|get|hasKey|dig)\s+{_HOLDER}\.Values((?:\.[A-Za-z_]\w*)*)((?:\s+"[^"]*")+)')
_KEY = regex(r'"([^"]*)"')
_DEFINED = regex(r'(?:define|block)\s+"([^"]+)"')
_INCLUDED = regex(r'(?:include|template)\s+"([^"]+)"')
_CONSTANT = regex(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_PLAIN = regex(
    r"\s*\$?\.Values(?:\.\w+)+(?:\s*\|\s*(?:quote|squote|int|int64|toString|trim|lower|upper|b64enc|toYaml|n?indent\s+\d+))*\s*"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that an action of a file asks for. `plain`: it is printed as it is, whatever it is."""

    file: str
    path: Path
    plain: bool


def asked(chart: SourceChart) -> list[Asked] | None:
    """Every value that is asked for; None where the text does not tell: all of them at once, or by another chart's helpers."""
    found: list[Asked] = []
    texts = {
        path: text for path, text in chart.texts.items() if path.startswith(("templates/", "crds/")) or path == VALUES
    }
    defined = {name for text in texts.values() for name in _DEFINED.findall(text)}
    for file, text in texts.items():
        for action in _actions(text):
            if any(name not in defined for name in _INCLUDED.findall(action)) or re.search(
                r"\btpl\b.*\.Files\b", action
            ):
                return None
            for path in _paths(action):
                if not path:
                    return None
                found.append(Asked(file, path, _PLAIN.fullmatch(action) is not None))
    return found


def _actions(text: str) -> Iterator[str]:
    return (action for action in _ACTION.findall(text) if not _COMMENT.match(action))


def _paths(action: str) -> Iterator[Path]:
    for match in _INDEX.finditer(action):
        yield (*_parts(match[1]), *_KEY.findall(match[2]))
    rest = _CONSTANT.sub('""', _INDEX.sub(" ", action))
    for match in _REFERENCE.finditer(rest):
        yield _parts(match[1])


def _parts(dotted: str) -> Path:
    return tuple(one for one in dotted.split(".") if one)


def reaches(one: Path, other: Path) -> bool:
    """Whether one is the other or holds it."""
    return other[: len(one)] == one
