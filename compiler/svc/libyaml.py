"""PyYAML, whose own patterns are compiled when they are first used.

Its pattern of characters that cannot be printed takes as long as the import of thirty modules, and serves its parser in
Python alone; those of its resolver and its constructor serve loaders that nobody calls here. All that reads YAML takes
PyYAML from this module (decision 0123).
"""

from __future__ import annotations

import _thread
import re
import sys

from svc.patterns import regex

compiled = re.compile
# `re.compile` is everybody's: where another thread could call it meanwhile, PyYAML compiles what it likes.
if "yaml" not in sys.modules and not _thread._count():
    re.compile = regex  # type: ignore[assignment]
try:
    import yaml
finally:
    re.compile = compiled

from yaml.events import (  # noqa: E402 - after the line above has imported PyYAML as it should
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.tokens import ScalarToken  # noqa: E402

__all__ = [
    "AliasEvent",
    "CollectionEndEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "NodeEvent",
    "ScalarEvent",
    "ScalarToken",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "yaml",
]
