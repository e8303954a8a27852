"""Derive schemas/terraform/aws-schema.json from the npm package @cdktn/provider-aws and schemas/terraform/aws.json.

    npm pack @cdktn/provider-aws@25.7.0 && tar xzf cdktn-provider-aws-*.tgz
    python tools/vendor/terraform_aws.py package/lib schemas/terraform

The result has the form of `terraform providers schema -json`, and says of every attribute whether it is required,
optional or computed, and of every nested value whether it is a block, a list or a set. Arguments that the table of
the newer provider knows and the bindings do not are added as optional. Defaults, enums and conflicts are in neither.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXTRA_RESOURCES = """
acm_certificate_validation api_gateway_rest_api apigatewayv2_integration apigatewayv2_route apigatewayv2_stage
apprunner_auto_scaling_configuration_version apprunner_vpc_connector backup_selection cloudwatch_composite_alarm
cloudwatch_dashboard cloudwatch_event_rule cloudwatch_event_target cloudwatch_log_metric_filter db_instance_role_association
db_option_group db_parameter_group docdb_cluster docdb_cluster_instance ecr_pull_through_cache_rule ecr_registry_scanning_configuration
ecr_replication_configuration ecr_repository_policy eks_access_entry eks_access_policy_association elasticache_cluster
elasticache_parameter_group elasticache_serverless_cache elasticache_user elasticache_user_group iam_instance_profile
iam_openid_connect_provider iam_role_policies_exclusive iam_role_policy_attachments_exclusive iam_user kms_key_policy
kinesis_stream lambda_event_source_mapping lambda_function_url lb_listener_certificate mq_broker mq_configuration
msk_cluster msk_serverless_cluster opensearch_domain rds_cluster_parameter_group rds_global_cluster route53_health_check route53_zone
s3_bucket_acl s3_bucket_cors_configuration s3_bucket_lifecycle_configuration s3_bucket_logging s3_bucket_notification
s3_bucket_ownership_controls s3_bucket_policy s3_object secretsmanager_secret_policy secretsmanager_secret_rotation
secretsmanager_secret_version security_group_rule service_discovery_private_dns_namespace service_discovery_service
sns_topic_policy sns_topic_subscription sqs_queue_policy sqs_queue_redrive_allow_policy sqs_queue_redrive_policy
vpc_endpoint wafv2_web_acl_association
""".split()
DATA_SOURCES = """
acm_certificate availability_zones caller_identity cloudwatch_log_group db_instance db_subnet_group default_tags ecr_authorization_token
ecr_image ecr_repository ecs_cluster eks_cluster eks_cluster_auth elasticache_replication_group elasticache_subnet_group
iam_openid_connect_provider iam_policy iam_policy_document iam_role kms_alias kms_key lambda_function lb lb_listener lb_target_group
partition prefix_list ec2_managed_prefix_list rds_cluster region route53_zone s3_bucket secretsmanager_secret secretsmanager_secret_version security_group
security_groups service sns_topic sqs_queue ssm_parameter subnet subnets vpc vpcs
""".split()

SENSITIVE = ("password", "master_password", "auth_token", "secret_string", "secret_binary", "token")
GETTERS: dict[str, Any] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "string"],
}
TABLE_TYPES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
CLASS = re.compile(r"^(?:export )?class (\w+) extends cdktn\.(\w+) \{$", re.M)
FLAGS = re.compile(r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)$", re.M)
NESTED = re.compile(r'new (\w+?)(OutputReference|List|MapList|Map)\(this, "\w+"(?:, (true|false))?\)')
TYPED_MAP = re.compile(r"new cdktn\.(String|Number|Boolean|Any)Map\(")
HCL_FUNCTION = re.compile(r"^(?:export )?function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.M | re.S)
HCL_ENTRY = re.compile(r'^ +(\w+): \{\n +value: .*\n +isBlock: (true|false),\n +type: "(\w+)",', re.M)

Schema = dict[str, Any]


class Bindings:
    """One index.js: its classes by name, and for each the entries that are written as blocks."""

    def __init__(self, text: str) -> None:
        marks = [*CLASS.finditer(text)]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        self.bodies = {mark.group(1): text[mark.end() : end] for mark, end in zip(marks, ends, strict=False)}
        self.main = next(mark.group(1) for mark in marks if mark.group(2) in ("TerraformResource", "TerraformDataSource"))
        self.written = {found.group(1).lower(): entries(found.group(2)) for found in HCL_FUNCTION.finditer(text)}
        main = self.bodies[self.main]
        self.written[self.main.lower()] = entries(main[main.find("synthesizeHclAttributes") :])

    def block(self, struct: str, class_name: str) -> Schema:
        schema: Schema = {"attributes": {}, "block_types": {}}
        written = self.written.get(struct.lower(), {})
        for name, flags, body in self.members(class_name):
            nested = NESTED.search(body)
            is_block, kind = written.get(name, (False, ""))
            if nested and is_block and "computed" not in flags:
                schema["block_types"][name] = self.nested_block(nested, kind, "required" in flags)
            else:
                schema["attributes"][name] = attribute(name, self.value_type(nested, body), flags)
        return {key: value for key, value in schema.items() if value}

    def members(self, class_name: str) -> Iterator[tuple[str, set[str], str]]:
        text = self.bodies[class_name]
        marks = [*FLAGS.finditer(text)]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=False):
            words = ("computed", "optional", "required")
            flags = {word for word, value in zip(words, mark.groups()[1:], strict=True) if value == "true"}
            yield mark.group(1), flags, text[mark.end() : end]

    def nested_block(self, nested: re.Match[str], kind: str, required: bool) -> Schema:
        struct, form, _ = nested.groups()
        nesting = {"struct": "single", "set": "set"}.get(kind, "list")
        out: Schema = {"nesting_mode": nesting, "block": self.block(struct, f"{struct}OutputReference")}
        if nesting != "single" and required:
            out["min_items"] = 1
        if nesting != "single" and form == "OutputReference":
            out["max_items"] = 1
        return out

    def value_type(self, nested: re.Match[str] | None, body: str) -> Any:
        if nested:
            struct, form, is_set = nested.groups()
            element = ["object", self.object_type(f"{struct}OutputReference")]
            if form == "OutputReference":
                return element
            return ["map" if form.startswith("Map") else "set" if is_set == "true" else "list", element]
        if found := TYPED_MAP.search(body):
            return ["map", {"String": "string", "Number": "number", "Boolean": "bool", "Any": "string"}[found.group(1)]]
        getter = re.search(r"this\.(get\w+Attribute)\(", body)
        if getter is None:
            return "dynamic"
        kind = GETTERS.get(getter.group(1), "dynamic")
        return ["set", kind[1]] if isinstance(kind, list) and kind[0] == "list" and "Fn.tolist" in body else kind

    def object_type(self, class_name: str) -> Schema:
        return {name: self.value_type(NESTED.search(body), body) for name, _, body in self.members(class_name)}


def entries(text: str) -> dict[str, tuple[bool, str]]:
    return {name: (is_block == "true", kind) for name, is_block, kind in HCL_ENTRY.findall(text)}


def attribute(name: str, kind: Any, flags: set[str]) -> Schema:
    out: Schema = {"type": kind, **{flag: True for flag in sorted(flags)}}
    if name in SENSITIVE:
        out["sensitive"] = True
    if name.endswith("_wo"):
        out |= {"write_only": True, "sensitive": True}
    return out


def add_newer(schema: Schema, table: Schema) -> None:
    """Arguments of the table that the bindings do not know, as optional ones."""
    blocks = schema.setdefault("block_types", {})
    attributes = schema.setdefault("attributes", {})
    for name, (kind, required) in table.items():
        inner = kind[1] if isinstance(kind, list) and isinstance(kind[1], dict) else kind
        if name in blocks and isinstance(inner, dict):
            add_newer(blocks[name]["block"], inner)
        elif name not in blocks and name not in attributes:
            if isinstance(inner, dict):
                block: Schema = {}
                add_newer(block, inner)
                blocks[name] = {"nesting_mode": "list", "block": block} | ({"min_items": 1} if required else {})
            else:
                attributes[name] = attribute(name, table_type(kind), {"required" if required else "optional"})
    if not blocks:
        del schema["block_types"]


def table_type(kind: Any) -> Any:
    if isinstance(kind, list):
        return [{"array": "list"}.get(kind[0], kind[0]), table_type(kind[1])]
    return TABLE_TYPES[kind]


def derive(folder: Path) -> Schema:
    bindings = Bindings((folder / "index.js").read_text(encoding="utf-8"))
    return bindings.block(bindings.main, bindings.main)


def main(library: Path, out: Path) -> None:
    tables = json.loads((out / "aws.json").read_text(encoding="utf-8"))["resources"]
    resources = {}
    for name in sorted({*tables, *(f"aws_{name}" for name in EXTRA_RESOURCES)}):
        resources[name] = derive(library / name.removeprefix("aws_").replace("_", "-"))
        add_newer(resources[name], tables.get(name, {}))
    data = {f"aws_{name}": derive(library / f"data-aws-{name.replace('_', '-')}") for name in sorted(DATA_SOURCES)}
    schema = {
        "resource_schemas": {name: {"version": 0, "block": block} for name, block in resources.items()},
        "data_source_schemas": {name: {"version": 0, "block": block} for name, block in data.items()},
    }
    text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    (out / "aws-schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
