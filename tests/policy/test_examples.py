"""Every example of every built-in policy, run alone; and that policies and checks know each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import svc.checks
from judges import real
from svc.checks import CHECKS
from svc.policy.examples import failures, routes
from svc.policy.load import load
from svc.policy.types import SHELLCHECK, Policy

FOLDER = Path(__file__).parents[2] / "policies"
LOADED = load([FOLDER])


def test_all_built_in_policies_load() -> None:
    assert not LOADED.problems
    assert len(LOADED.policies) == len(list(FOLDER.glob("*.yaml")))


@pytest.mark.parametrize("policy", LOADED.policies, ids=lambda policy: policy.id)
def test_examples(policy: Policy) -> None:
    if policy.check == SHELLCHECK:
        real.located("shellcheck")
    wrong = failures(policy, FOLDER / f"{policy.id}.yaml", real.box)
    assert not wrong, "\n".join(f"line {one.place.span.line if one.place.span else 0}: {one.message}" for one in wrong)


@pytest.mark.parametrize("file", ["main.tf", "main.tofu", "main.tf.json", "main.tofu.json"])
def test_an_example_has_files_of_terraform_in_either_syntax(file: str) -> None:
    """One of them calls another, as `module-argument-unknown` looks at them."""
    (policy,) = [one for one in LOADED.policies if one.id == "module-argument-unknown"]
    text = 'module "jobs" {\n  source = "./queue"\n  sise = 1\n}\n'
    if file.endswith(".json"):
        text = '{"module": {"jobs": {"source": "./queue", "sise": 1}}}'
    given = [{"file": "queue/main.tf", "text": ""}, {"file": file, "text": text}]
    assert routes(policy, given) == ((1, "module", "jobs", "sise"),)


def test_every_check_is_used_and_every_module_is_in_the_table() -> None:
    used = {policy.check for policy in LOADED.policies}
    configured = {
        "base_registry",
        "image_registry",
        "label_schema",
        "labels_missing",
        "service_allowed",
        "service_pattern",
        "service_range",
        "service_required",
    }  # mechanisms without a decision until an organisation makes one
    assert set(CHECKS) - used == configured
    checks = Path(svc.checks.__file__).parent
    modules = {(file.stem, file.parent.name) for file in checks.glob("*/*.py") if file.stem != "__init__"}
    assert modules == set(CHECKS.items())


def test_what_one_alias_names_is_of_one_kind() -> None:
    """A demand of another tool may be several policies here; a waiver that names it covers all of them."""
    ids = {policy.id for policy in LOADED.policies}
    surfaces: dict[str, str] = {}
    for policy in LOADED.policies:
        assert len(set(policy.aliases)) == len(policy.aliases), policy.id
        for alias in policy.aliases:
            assert alias not in ids - {policy.id}, alias
            assert surfaces.setdefault(alias, policy.surface) == policy.surface, alias


def test_every_policy_is_in_a_profile() -> None:
    """The profiles grow: what is dangerous is also not recommended, and strict has everything."""
    allowed = (("baseline", "recommended", "strict"), ("recommended", "strict"), ("strict",))
    assert not [policy.id for policy in LOADED.policies if policy.profiles not in allowed]
