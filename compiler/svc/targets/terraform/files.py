"""What the files of a module are called; OpenTofu reads more of them than Terraform."""

from __future__ import annotations

JSON = (".tf.json", ".tofu.json")
FILES = (".tf", ".tofu", *JSON)
