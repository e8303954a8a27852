"""Whatever Terraform itself takes for a variable of a module, no error-level policy finds anything in the module then.

The real Terraform says what it takes: a conversion to the type, and the conditions of `validation`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import terraform_variants as variants
from given import candidates, given, literal

from judges import real
from samples import unit, web
from svc import tools
from svc.diagnostics import Severity, shown
from svc.policy.load import load
from svc.policy.run import Bench, alone
from svc.policy.types import Settings
from svc.targets.terraform import target as terraform
from svc.targets.terraform.types import Attribute, Module

EVERY = os.environ.get("SVC_OVERRIDES", "")
SHARE = 1 if EVERY else 9
"""One of so many values is tried."""
_BENCH = Bench(load([Path(__file__).parents[3] / "policies"]).policies, Settings())
OWN = {
    "region": "eu-west-1",
    "account_id": "111122223333",
    "cluster_name": "shop",
    "private_subnet_ids": ["subnet-1a", "subnet-2b"],
    "access_log_bucket": "access-logs",
    "dns_zone": "example.com",
    "alarm_topic_arn": "arn:aws:sns:eu-west-1:111122223333:alarms",
    "ingress_load_balancer_arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/ingress/1",
    "receipts_replica": {
        "bucket_arn": "arn:aws:s3:::receipts-copy",
        "kms_key_arn": "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
    "rotation_lambda_arns": {"db": "arn:aws:lambda:eu-west-1:111122223333:function:rotate"},
    "registry_reader_accounts": ["444455556666"],
    "secret_paths": ["production/shop/stripe"],
}
"""What the specs do not know, or leave empty."""

pytestmark = [pytest.mark.tools, pytest.mark.slow]


@dataclass(frozen=True)
class Trial:
    """A module in which one variable has another value than usual."""

    module: Module
    variable: str
    value: Any

    @property
    def changed(self) -> Module:
        return _with(self.module, {self.variable: self.value})


def _with(module: Module, values: Mapping[str, Any]) -> Module:
    """The values as defaults, which are what policies know of variables."""
    blocks = []
    for block in module.files["variables.tf"]:
        if block.labels[0] in values:
            kept = tuple(part for part in block.body if not (isinstance(part, Attribute) and part.name == "default"))
            block = replace(block, body=(*kept, Attribute("default", literal(values[block.labels[0]]))))
        blocks.append(block)
    return replace(module, files={**module.files, "variables.tf": tuple(blocks)}, values={})


def _modules() -> Iterator[Module]:
    """Each with a value for every variable, as in production."""
    found: list[Module] = [terraform.lower(unit(make)).artifact for make in (variants.everything_managed, web)]
    found += [piece.artifact for piece in real.compiled_fixtures().pieces if piece.name == "terraform"] if EVERY else []
    for module in found:
        if module.files:
            known = module.values["environments/production.tfvars"].attributes
            values = {**OWN, **{one.name: given(one.value) for one in known if one.value not in (None, ())}}
            yield _with(module, {name: one for name, one in values.items() if name in module.variables})


def _trials(modules: Sequence[Module]) -> list[Trial]:
    """Of variables that are declared alike and do the same, those of the first module."""
    found: list[Trial] = []
    seen: set[str] = set()
    for module in modules:
        for name, block in module.variables.items():
            own = given(block.get("default"))
            for at, value in enumerate(candidates(block, own)):
                mark = repr((replace(block, body=block.body[:-1]), value))
                if mark not in seen and (at + len(found)) % SHARE == 0:
                    found.append(Trial(module, name, value))
                seen.add(mark)
    return found


class Terraform:
    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, real.located("terraform")

    def takes(self, trials: Sequence[Trial]) -> list[Trial]:
        """Those whose value Terraform takes: each is a call of a module that has the variable alone."""
        for at, one in enumerate(trials):
            self._write(f"v{at}/main.tf", _declaration(one.module, one.variable))
        typed = self._unrefused(range(len(trials)), trials, "validate")
        return [trials[at] for at in self._unrefused(typed, trials, "plan")]

    def _unrefused(self, numbers: Sequence[int], trials: Sequence[Trial], verb: str) -> list[int]:
        calls = [
            f'"m{at}": {json.dumps({"source": f"./v{at}", trials[at].variable: _json(trials[at].value)})}'
            for at in numbers
        ]
        self._write("main.tf.json", '{"module": {\n' + ",\n".join(calls) + "}}")
        if verb == "validate":
            self._run("get")
        said = self._run(verb, "-json", *(("-input=false",) if verb == "plan" else ()))
        problems = (
            json.loads(said)["diagnostics"]
            if verb == "validate"
            else [one["diagnostic"] for one in map(json.loads, said.splitlines()) if one["type"] == "diagnostic"]
        )
        refused = {one["range"]["start"]["line"] - 2 for one in problems if one["severity"] == "error"}
        assert {one["range"]["filename"] for one in problems} <= {"main.tf.json"}, problems
        return [number for at, number in enumerate(numbers) if at not in refused]

    def _run(self, *args: str) -> str:
        env = {"TF_CLI_CONFIG_FILE": "/dev/null"}
        return tools.run(self.program, args, cwd=self.folder, env=env, timeout=600).stdout

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")


def _declaration(module: Module, name: str) -> str:
    """The variable as it is rendered, without a default, and those that its condition asks with theirs."""
    mine = module.variables[name]
    kept = tuple(part for part in mine.body if not (isinstance(part, Attribute) and part.name == "default"))
    asked = {other for kind, other, _ in mine.references if kind == "var"} - {name}
    others = [module.variables[other] for other in sorted(asked)]
    return "\n".join(one.printed.text for one in (replace(mine, body=kept), *others))


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [_json(one) for one in value]
    return {key: _json(one) for key, one in value.items()} if isinstance(value, Mapping) else value


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return list(_modules())


def test_what_terraform_takes_breaks_no_policy(modules: list[Module], tmp_path: Path) -> None:
    trials = _trials(modules)
    taken = Terraform(tmp_path).takes(trials)
    assert len(trials) // 9 < len(taken) < len(trials) // 2
    usual = {id(module): _errors(module) for module in modules}
    found = [(one.variable, one.value, _errors(one.changed) - usual[id(one.module)]) for one in taken]
    assert [one for one in found if one[2]] == []


def test_what_it_refuses_would_break_one(modules: list[Module], tmp_path: Path) -> None:
    """Or else the policies do not see what is given."""
    trials = [Trial(modules[0], "backup_retention_days", days) for days in (0, 6, 7)]
    assert [one.value for one in Terraform(tmp_path).takes(trials)] == [7]
    assert [bool(_errors(one.changed) - _errors(modules[0])) for one in trials] == [True, False, False]


def _errors(module: Module) -> set[tuple[str, str]]:
    return {
        (one.policy, shown(one.route))
        for subject in terraform.subjects(module)
        for one in alone(_BENCH, subject)
        if one.severity == Severity.ERROR
    }
