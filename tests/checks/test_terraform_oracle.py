"""The examples of Terraform policies, as Checkov and Trivy judge them by the ids that the policies have as aliases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from svc import tools
from svc.parse import parse_one
from svc.policy.examples import examples
from svc.policy.load import load
from svc.policy.types import Policy
from svc.source import Source

pytestmark = [pytest.mark.tools, pytest.mark.slow]

_FOLDER = Path(__file__).parents[2] / "policies"
_POLICIES = [one for one in load([_FOLDER]).policies if one.surface == "terraform"]
_SHORT = "the example is short: it lacks what else the rule looks at"
_REFERENCE = "they cannot follow the example's function"
_LITERAL = "they judge another spelling, engine or kind of the resource"
_TEMPLATE = "they do not ask the machine's launch template"
_TOLD_APART = "they take the default of the place for every place"
_DIFFERENT: dict[str, dict[str, str]] = {
    "checkov": {
        "deletion-protection-off/pass1": _TOLD_APART,
        "database-in-clear-text/pass0": "ENCRYPTED_ONLY is TLS as well, without certificates of clients",
        "database-public/fail2": _LITERAL,
        "instance-disk-not-encrypted/pass0": "a machine that says nothing has the account's default",
        "storage-in-clear-text/fail1": _LITERAL,
        "security-rule-undescribed/pass0": "another policy asks for the description of the group",
        "security-rule-undescribed/pass1": "another policy asks for the description of the group",
        "role-for-a-whole-account/pass0": "they do not see the condition in jsonencode",
        "bucket-under-shared-key/fail1": _SHORT,
        "data-store-not-encrypted/pass1": "serverless clusters are always encrypted, replicas like their source",
        "insights-key-missing/fail2": _LITERAL,
        "bucket-encryption-unsaid/fail2": _SHORT,
        "bucket-versioning-suspended/fail2": _SHORT,
        "bucket-without-log/pass3": "a bucket that receives logs needs none",
        "cluster-backup-off/fail3": _LITERAL,
        "cluster-backup-off/pass1": "members of a replication group are backed up by it",
        "exec-log-in-clear-text/pass0": _SHORT,
        "kafka-in-clear-text/pass1": "the provider's default is TLS",
        "open-egress/fail1": "no protocol is none that is refused",
        "search-in-clear-text/fail1": _SHORT,
        "search-without-audit-log/pass0": "a second block has the audit log",
        "table-key-switched-off/pass0": "another policy asks for the key",
        "table-key-switched-off/pass1": "another policy asks for the key",
        "uploads-left-unfinished/pass0": _SHORT,
        "bucket-not-versioned/pass0": _SHORT,
        "bucket-public-access-open/pass0": _SHORT,
        "bucket-public-acl/fail1": _SHORT,
        "cache-without-password/pass0": _SHORT,
        "cross-zone-off/fail2": _LITERAL,
        "database-password-login/fail1": _SHORT,
        "database-password-login/fail2": _SHORT,
        "function-not-traced/fail1": "PassThrough traces only what is asked for from outside",
        "function-runtime-retired/fail2": "their list of runtimes is shorter",
        "key-without-policy/fail1": "an empty policy is none",
        "logs-kept-briefly/pass1": "without a number logs are kept for ever, which another policy says",
        "minor-upgrades-off/pass1": "the provider's default is true",
        "module-not-pinned/pass0": "a tag of your own modules is what teams use",
        "module-not-pinned/pass1": "a version of Mercurial, Bitbucket and of an image is one as well",
        "parameter-in-clear-text/pass1": "a parameter without a type is refused by the provider",
        "platform-version-old/fail2": _SHORT,
        "resource-policy-wildcard/fail1": _LITERAL,
        "secret-rotated-rarely/pass1": "schedule_expression says it otherwise",
        "security-group-undescribed/fail1": "an empty description is none",
        "task-privileged/fail1": _REFERENCE,
        "task-shares-host-processes/fail2": _SHORT,
        "tls-version-old/pass0": _SHORT,
        "iam-wildcard/fail2": _LITERAL,
        "secret-in-terraform/fail2": _LITERAL,
        "secret-in-terraform/fail3": _LITERAL,
        "instance-metadata-open/pass1": _TEMPLATE,
    },
    "trivy": {
        "instance-metadata-open/pass1": _TEMPLATE,
        "cluster-endpoint-open/pass0": "they count every public network, ours the one of all addresses",
        "database-public/fail2": _LITERAL,
        "instance-disk-not-encrypted/pass0": "a machine that says nothing has the account's default",
        "open-to-the-internet/fail1": "they read no rules that stand in a list",
        "policy-for-everybody/fail2": "AWS-0032 is of registries, and the example of a queue",
        "task-with-secret/fail1": "they cannot read JSON with holes",
        "bucket-under-shared-key/fail1": _SHORT,
        "policy-of-one-user/fail1": _SHORT,
        "policy-of-one-user/fail2": _LITERAL,
        "bucket-not-versioned/fail2": _SHORT,
        "data-store-not-encrypted/pass1": "serverless clusters are always encrypted, replicas like their source",
        "key-not-rotated/pass1": "keys that sign cannot be rotated",
        "tls-version-unsaid/fail2": _SHORT,
        "broker-without-audit-log/pass1": "RabbitMQ has no audit log",
        "bucket-encryption-unsaid/fail2": "they see the companion and not what it says",
        "bucket-encryption-unsaid/fail3": "they see the companion and not what it says",
        "bucket-versioning-suspended/fail2": _SHORT,
        "bucket-without-log/pass2": "a bucket that receives logs needs none",
        "cluster-backup-off/fail3": _LITERAL,
        "data-store-not-encrypted/pass0": "the variable may be true",
        "iam-service-wildcard/fail2": _SHORT,
        "kafka-in-clear-text/pass1": "the provider's default is TLS",
        "table-key-switched-off/pass0": "another policy asks for the key",
        "table-key-switched-off/pass1": "another policy asks for the key",
        "any-role-passed/fail1": _SHORT,
        "bucket-not-versioned/pass0": _SHORT,
        "bucket-public-acl/fail1": _SHORT,
        "bucket-without-log/pass0": _SHORT,
        "database-password-login/fail1": _SHORT,
        "database-password-login/fail2": _SHORT,
        "deletion-protection-off/pass0": "the variable may be true",
        "deletion-protection-off/pass1": _TOLD_APART,
        "iam-service-wildcard/fail1": _SHORT,
        "listener-without-tls/fail1": _SHORT,
        "open-egress/pass0": "AWS-0104 asks for one port of one network; ours for not everything",
        "policy-for-everybody/fail1": "AWS-0032 is of registries, and the example of a queue",
        "public-access-block-partial/fail1": _SHORT,
        "public-acls-allowed/fail1": _SHORT,
        "public-acls-honoured/fail1": _SHORT,
        "public-buckets-unrestricted/fail1": _SHORT,
        "tls-version-old/fail1": _SHORT,
    },
}
"""Examples whose verdicts differ, and why."""


@pytest.mark.parametrize("name", ["checkov", "trivy"])
def test_examples_are_judged_alike(name: str, tmp_path: Path) -> None:
    try:
        program = tools.find(name, tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    cases = list(_cases(tmp_path))
    found = _checkov(program, tmp_path) if name == "checkov" else _trivy(program, tmp_path)
    prefix = "CKV" if name == "checkov" else "AWS-"
    different = set()
    for policy, case in cases:
        names = {one for one in policy.aliases if one.startswith(prefix)}
        if names and bool(names & found.get(case, set())) != ("/fail" in case):
            different.add(case)
    assert different == set(_DIFFERENT[name])


def _cases(folder: Path) -> Iterator[tuple[Policy, str]]:
    for policy in _POLICIES:
        document = parse_one(Source(policy.id, (_FOLDER / f"{policy.id}.yaml").read_text("utf-8"))).documents[0]
        for index, example in enumerate(examples(document)):
            case = f"{policy.id}/{'pass' if example.at is None else 'fail'}{index}"
            (folder / case).mkdir(parents=True)
            (folder / case / "main.tf").write_text(example.input, "utf-8")
            yield policy, case


def _checkov(program: tools.Located, folder: Path) -> dict[str, set[str]]:
    arguments = ["-d", ".", "--framework", "terraform", "-o", "json", "--quiet", "--compact", "--skip-download"]
    done = tools.expect(tools.run(program, arguments, cwd=folder), (0, 1))
    found: dict[str, set[str]] = {}
    for one in json.loads(done.stdout)["results"]["failed_checks"]:
        found.setdefault(Path(one["file_path"]).parent.as_posix().strip("/"), set()).add(one["check_id"])
    return found


def _trivy(program: tools.Located, folder: Path) -> dict[str, set[str]]:
    arguments = ["config", "--format", "json", "--quiet", "--skip-check-update", "--skip-version-check", "."]
    done = tools.expect(tools.run(program, arguments, cwd=folder))
    found: dict[str, set[str]] = {}
    for one in json.loads(done.stdout)["Results"]:
        for item in one.get("Misconfigurations") or ():
            found.setdefault(Path(one["Target"]).parent.as_posix(), set()).add(item["ID"])
    return found
