from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import terraform_variants as variants

from samples import SERVICES, unit, web
from svc import tools
from svc.resolve import names
from svc.resolve.types.whole import Resolved
from svc.targets.protocol import Rendered
from svc.targets.terraform import target as terraform
from svc.targets.terraform.types import Block, Call, Expr, Module, Object

ALL = (*SERVICES, variants.everything_managed, variants.little_known, variants.shown_in_production)
JUDGED = (web, variants.everything_managed, variants.little_known)
Make = Callable[[str], Resolved]


def lowered(make: Make) -> Module:
    module = terraform.lower(unit(make)).artifact
    assert isinstance(module, Module)
    return module


def rendered(make: Make) -> tuple[Module, Rendered]:
    module = lowered(make)
    return module, terraform.render(module)


def resource(module: Module, type_: str, name: str) -> Block:
    return next(block for block in module.resources(type_) if block.labels[1] == name)


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_the_text_means_the_artifact_and_fits_the_schema(make: Make) -> None:
    module, out = rendered(make)
    assert terraform.verify(module, out.files) == ()
    assert terraform.lower(unit(make)).problems == ()


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("make", JUDGED, ids=lambda make: make.__name__)
def test_the_tools_find_nothing(make: Make, tmp_path: Path) -> None:
    """A permission on `*` is the spec's own doing, and Checkov says so; services without one are clean."""
    bare: Make = lambda environment: replace(  # noqa: E731
        make(environment), cloud=replace(make(environment).cloud, permissions=())
    )
    module, out = rendered(bare)
    for path, text in out.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for judgement in terraform.judge([module], tmp_path, tools.toolbox({"PATH": "/usr/local/bin:/usr/bin:/bin"})):
        assert judgement.faults == (), judgement
        if judgement.skipped:
            pytest.skip(judgement.skipped)


@pytest.mark.parametrize(
    ("old", "new", "tool", "message"),
    [
        ("multi_az  ", "multi_zone", "arguments", "'multi_zone' does not exist"),
        ('  ip_protocol                  = "tcp"\n', "", "arguments", "'ip_protocol' is missing"),
        ("monitoring_interval                 = 60", 'monitoring_interval = "often"', "arguments", "must be a number"),
        ("var.db_instance_class", "var.db_class", "references", "var.db_class is not declared"),
        ("aws_kms_key.service.arn", "aws_kms_key.service.name", "references", "aws_kms_key has no attribute name"),
        (
            "${data.aws_partition.current.partition}",
            "${data.aws_partition.this.partition}",
            "references",
            "not declared",
        ),
        ("  parameter {\n", "  parameter = [{\n", "read-back", ""),
        ("rds.force_ssl", "rds.force_tls", "read-back", "differs from what was judged"),
    ],
)
def test_a_wrong_text_is_a_fault(old: str, new: str, tool: str, message: str) -> None:
    module, out = rendered(web)
    path = "terraform/database.tf"
    assert old in out.files[path]
    faults = terraform.verify(module, {**out.files, path: out.files[path].replace(old, new)})
    assert any(fault.tool == tool and message in fault.message and fault.path == path for fault in faults), faults


def test_names_are_those_of_the_other_targets() -> None:
    module = lowered(web)
    assert module.local_values["name"] == "checkout"
    name, environment = "${local.name}", "${var.environment}"
    role = resource(module, "aws_iam_role", "workload")
    assert role.get("name") == Expr(f'"{names.workload_role(name, environment)}"')
    deploy = resource(module, "aws_iam_role", "deploy")
    assert deploy.get("name") == Expr(f'"{names.deploy_role(name, environment)}"')
    subject = names.oidc_subject("acme/checkout", environment)
    assert f'values   = ["{subject}"]' in terraform.render(module).files["terraform/deploy.tf"]
    held = resource(module, "aws_secretsmanager_secret", "db")
    assert held.get("name") == Expr(f'"{names.need_secret_path(environment, name, "db")}"')


def test_a_connection_has_the_keys_that_the_chart_reads() -> None:
    version = resource(lowered(web), "aws_secretsmanager_secret_version", "db")
    value = version.get("secret_string_wo")
    assert isinstance(value, Call)
    assert isinstance(value.args[0], Object)
    assert [key for key, _ in value.args[0].items] == list(web("production").needs[0].outputs)
    assert version.get("secret_string") is None


def test_what_only_production_has_is_switched() -> None:
    module, out = rendered(web)
    assert resource(module, "aws_db_instance", "db").get("count") == Expr("var.db_enabled ? 1 : 0")
    assert resource(module, "aws_sqs_queue", "orders").get("count") is None
    assert "db_enabled           = false" in out.files["terraform/environments/staging.tfvars"]
    assert "db_enabled" not in out.files["terraform/environments/production.tfvars"]


def test_unknown_facts_are_asked_for() -> None:
    module, out = rendered(variants.little_known)
    values = out.files["terraform/environments/production.tfvars"]
    assert "# - cluster_name: EKS cluster" in values
    assert "\ncluster_name" not in values
    assert "default" not in module.variables["cluster_name"].attributes


def test_one_environment_owns_the_registry() -> None:
    _, out = rendered(variants.everything_managed)
    assert "create_registry" not in out.files["terraform/environments/production.tfvars"]
    assert "create_registry          = false" in out.files["terraform/environments/staging.tfvars"]
    assert 'registry_reader_accounts = ["444455556666"]' in out.files["terraform/environments/production.tfvars"]


def test_no_cloud_no_files() -> None:
    nowhere: Make = lambda name: replace(web(name), cloud=replace(web(name).cloud, provider="none"))  # noqa: E731
    module, out = rendered(nowhere)
    assert out.files == {}
    assert terraform.subjects(module) == ()


def test_a_need_that_cannot_be_managed_is_said() -> None:
    def make(environment: str) -> Resolved:
        base = web(environment)
        return replace(base, needs=(replace(base.needs[3], type="mongodb", name="docs", at=("needs", "docs")),))

    made = unit(make)
    problems = terraform.lower(made).problems
    assert {one.route for one in problems} == {("needs", "docs", "realise")}
    assert all("mongodb" in one.message for one in problems)
    assert [one.environment for one in problems] == [one.environment for one in made.environments]


def test_long_names_fit() -> None:
    long = "a-service-with-quite-a-long-name-indeed"

    def make(environment: str) -> Resolved:
        base = web(environment)
        path = names.need_secret_path(environment, long, "cache")
        return replace(base, name=long, needs=(replace(base.needs[1], realise="managed", path=path),))

    name = resource(lowered(make), "aws_elasticache_replication_group", "cache").get("replication_group_id")
    assert isinstance(name, Expr)
    assert len(name.text.strip('"').replace("${var.environment}", "production")) <= 40 - len("-default")


def test_a_finding_leads_to_the_spec_and_to_the_generated_line() -> None:
    module, out = rendered(web)
    route = ("resource", "aws_db_instance", "db", "multi_az")
    assert module.origin(route) == ("needs", "db")
    assert module.origin(("data", "aws_iam_policy_document", "workload", "statement", 4, "resources")) == (
        "cloud",
        "permissions",
        0,
    )
    found = out.line("terraform", route)
    assert found is not None
    assert "multi_az" in out.files[found[0]].splitlines()[found[1] - 1]


OWN_VALUES = """\
region                    = "eu-west-1"
account_id                = "111122223333"
cluster_name              = "shop"
private_subnet_ids        = ["subnet-1a", "subnet-2b"]
access_log_bucket         = "access-logs"
alarm_topic_arn           = "arn:aws:sns:eu-west-1:111122223333:alarms"
ingress_load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/ingress/1"
"""


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("make", [*JUDGED, variants.shown_in_production], ids=lambda make: make.__name__)
def test_terraform_plans_every_environment(make: Make, tmp_path: Path) -> None:
    """With what the spec does not know given beside it; the provider is the schema-only one."""
    box = tools.toolbox({"PATH": "/usr/local/bin:/usr/bin:/bin"})
    mirror = Path(__file__).parents[3] / ".tools" / "terraform-mirror"
    if not mirror.is_dir() or "terraform" not in tools.available(("terraform",), box):
        pytest.skip("no terraform, or no provider mirror: run `make tools`")
    module, out = rendered(make)
    folder = tmp_path / module.path
    for path, text in out.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    known = [line for line in OWN_VALUES.splitlines(keepends=True) if line.split()[0] in module.variables]
    terraform_ = tools.find("terraform", box)
    env = {"TF_CLI_CONFIG_FILE": "/dev/null"}
    tools.expect(tools.run(terraform_, ["init", "-input=false", f"-plugin-dir={mirror}"], cwd=folder, env=env))
    for environment in ("staging", "production"):
        values = (folder / f"environments/{environment}.tfvars").read_text()
        given = {line.split()[0] for line in values.splitlines() if " = " in line and not line.startswith("#")}
        (folder / "own.auto.tfvars").write_text("".join(line for line in known if line.split()[0] not in given))
        args = ["plan", "-input=false", "-no-color", f"-var-file=environments/{environment}.tfvars"]
        done = tools.run(terraform_, args, cwd=folder, env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "0 to change, 0 to destroy" in done.stdout
        assert "Warning" not in done.stdout, done.stdout
