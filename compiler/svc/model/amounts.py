"""What a process begins with that says nothing of it: its resources, and time to start."""

from __future__ import annotations

CPU, MEMORY, DISK = "100m", "128Mi", "128Mi"
"""Of a process of which nothing more is known; the median of real services is 100m and 180Mi."""
DISK_LIMIT = "1Gi"

OF_LANGUAGE = {
    "dotnet": "256Mi",
    "java": "1Gi",
    "kotlin": "1Gi",
    "node": "512Mi",
    "php": "256Mi",
    "python": "256Mi",
    "ruby": "256Mi",
}
"""What no process of a language does without. Three quarters are the heap of a JVM, which needs as much as 256Mi besides;
V8 lets its heap grow to 256Mi even where that is all there is."""


SLOW = frozenset(("java", "kotlin", "ruby"))
"""Languages whose frameworks may need longer to start than the half minute after which liveness gives up."""


def memory_of(language: str | None) -> str:
    return OF_LANGUAGE.get(language or "", MEMORY)
