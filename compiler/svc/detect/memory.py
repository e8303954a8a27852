"""How much memory a process begins with: that of its language, or of a framework that needs more."""

from __future__ import annotations

from svc.detect.project import Project, wants
from svc.detect.tree import Tree
from svc.model.amounts import OF_LANGUAGE

_LARGE = (("ruby", r"gem\s+[\"']rails[\"']"), ("python", r"(?i)\bdjango\b"))
"""What no process of a large framework does without: where memory ends, so does the container."""


def memory(tree: Tree, project: Project, found: list[str]) -> list[str]:
    large = any(project.language == one and wants(tree, project, pattern) is not None for one, pattern in _LARGE)
    size = "512Mi" if large else OF_LANGUAGE.get(project.language, "")
    if not size:
        return []
    found.append(f"memory: {size}, to begin with")
    return ["", f"resources: {{memory: {size}}}  # to begin with: a process that needs more is ended"]
