"""How much memory a process begins with: that of its language, or of a framework that needs more."""

from __future__ import annotations

from svc.detect.project import Project, wants
from svc.detect.tree import Tree
from svc.model.amounts import OF_LANGUAGE

_LARGE = (
    ("python", r"(?:^|[\"'\s])(?:torch|tensorflow|jax|vllm|transformers)\b", "4Gi"),
    ("ruby", r"gem\s+[\"']rails[\"']", "512Mi"),
    ("python", r"(?i)\bdjango\b", "512Mi"),
)
"""What no process of a large framework, or one that holds a model, does without: where memory ends, so does the container."""


def memory(tree: Tree, project: Project, found: list[str]) -> list[str]:
    """The lines of a spec that ask for memory; `found` gets what is said of it."""
    large = (size for one, pattern, size in _LARGE if project.language == one and wants(tree, project, pattern))
    size = next(large, OF_LANGUAGE.get(project.language, ""))
    if not size:
        return []
    found.append(f"memory: {size}, to begin with")
    return ["", f"resources: {{memory: {size}}}  # to begin with: a process that needs more is ended"]
