"""Writes the reference page of the built-in policies: `python -m svc.policy.docs policies docs/reference/policies.md`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from svc.policy.explain import markdown
from svc.policy.load import load
from svc.policy.types import Policy

_HEADER = """\
<!-- Generated from policies/*.yaml by `make update` (svc.policy.docs). Do not edit. -->
# Policies

A policy is a decision that a sensible team could make otherwise: it can be remapped, turned off or waived by its id,
or by the id that another tool gives the same demand. Each example on this page is a test that runs its policy alone.

- `baseline` holds what is dangerous, `recommended` (the default) what most teams want, `strict` everything.
- `pss-baseline` and `pss-restricted` are the levels of the Kubernetes Pod Security Standards, neither more nor less.

## The form of a policy

`policies/<id>.yaml`; the id names the bad thing, so that "allow image-not-pinned" reads well. Any other key, an unknown
check, a wrong parameter or a second policy of the same id is an error (exit 2): a gate must not check less than it says.

| key | what it holds |
|---|---|
| `title`, `why`, `help` | what is wrong, why it matters, what to write instead |
| `severity` | `error`, `warning` or `info` |
| `surface` | what is judged: service, kubernetes, docker, compose, github, terraform, helm, or `across` for all of a service at once |
| `check`, `params` | the mechanism, and its parameters |
| `profiles`, `sets` | where it runs unless the workspace says otherwise; none: only when it is turned on |
| `unless` | policies whose finding at the same place says the same thing already |
| `aliases` | ids of the same demand in other tools |
| `fix`, `since` | `none`, `lock`, `safe` or `unsafe`; the version that brought it |
| `pass`, `fail` | inputs that are right; inputs that are wrong, each with the routes (`at`) where that must be found |

"""


def page(folder: Path) -> str:
    """The whole page. Raises ValueError when a policy of the folder cannot be read."""
    loaded = load([folder])
    if loaded.problems:
        raise ValueError(loaded.problems[0].message)
    return _HEADER + _table(loaded.policies) + "\n" + "\n".join(markdown(one, folder) for one in loaded.policies)


def _table(policies: Sequence[Policy]) -> str:
    rows = ["## All policies", "", "| policy | judges | severity | from profile | demand |", "|---|---|---|---|---|"]
    for one in sorted(policies, key=lambda one: (one.surface, one.id)):
        first = one.profiles[0] if one.profiles else ""
        rows.append(f"| [{one.id}](#{one.id}) | {one.surface} | {one.severity.word} | {first} | {one.title} |")
    return "\n".join(rows) + "\n"


def main(folder: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(folder), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
