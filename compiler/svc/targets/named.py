"""How files of a kind end, for whoever tells kinds apart and needs nothing else of them."""

from __future__ import annotations

TERRAFORM_JSON = (".tf.json", ".tofu.json")
TERRAFORM = (".tf", ".tofu", *TERRAFORM_JSON)
"""OpenTofu reads more of them than Terraform."""
