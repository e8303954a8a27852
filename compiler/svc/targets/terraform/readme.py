"""The module's README: what it makes, what it expects of the platform, how it is applied."""

from __future__ import annotations

from collections.abc import Iterable

from svc.targets.terraform.types import Block, Module, noted
from svc.targets.terraform.write import expression

_EXPECTED = {
    "aws_eks_cluster": "the EKS cluster, with its OIDC provider registered in IAM",
    "github": "GitHub's OIDC provider in IAM (`token.actions.githubusercontent.com`)",
    "aws_route53_zone": "the Route 53 zone of the hosts",
    "aws_lb": "the load balancer before the ingress controller",
}


_USE = """```sh
terraform init -backend-config=environments/{environment}.s3.tfbackend
terraform plan -var-file=environments/{environment}.tfvars -out=plan
terraform apply plan
```

`terraform init` writes `.terraform.lock.hcl`: commit it."""


def readme(module: Module) -> str:
    environments = [
        name.removeprefix("environments/").removesuffix(".tfvars") for name in module.values if name.endswith(".tfvars")
    ]
    about = (
        f"What this service owns in AWS, per environment ({', '.join(environments)}); "
        "what the platform owns is only looked up."
    )
    parts = [
        f"<!-- {module.header.replace('>', '&gt;')} -->",
        "# Cloud resources",
        about,
        "## Use",
        _USE.format(environment=environments[0]),
        _missing(module),
        "## Expected of the platform",
        "\n".join(f"- {text}" for text in _expected(module)) or "Nothing.",
        "## Variables",
        _table(("variable", "meaning", "default"), map(_variable, module.blocks("variable"))),
        "## Outputs",
        _table(("output", "meaning"), map(_output, module.blocks("output"))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _expected(module: Module) -> list[str]:
    found = {block.labels[0] for block in module.data()} | {block.labels[1] for block in module.data()}
    expected = [text for name, text in _EXPECTED.items() if name in found]
    variables = module.variables
    if module.resources("aws_secretsmanager_secret"):
        expected.append("an External Secrets role that may read these secrets and decrypt them (output `kms_key_arn`)")
    if "private_subnet_ids" in variables:
        expected.append("private subnets in two availability zones of the cluster's VPC")
    if "access_log_bucket" in variables:
        expected.append("a bucket for S3 access logs")
    return expected


def _missing(module: Module) -> str:
    names = sorted(
        {name for path, values in module.values.items() if path.endswith(".tfvars") for name, _ in values.missing}
    )
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"The spec does not know {listed}: set them with `TF_VAR_...`, or in a second `-var-file` of your own."


@noted
def _variable(block: Block) -> str:
    """A variable's line, which other services have, too."""
    attributes = block.attributes
    default = f"`{expression(attributes['default'])}`" if "default" in attributes else "required"
    return _line(f"`{block.labels[0]}`", str(attributes["description"]), default)


@noted
def _output(block: Block) -> str:
    return _line(f"`{block.labels[0]}`", str(block.get("description")))


def _table(head: tuple[str, ...], lines: Iterable[str]) -> str:
    return "\n".join((_line(*head), _line(*("---" for _ in head)), *lines))


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
