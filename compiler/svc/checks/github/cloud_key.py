"""A key that never expires, where the cloud would trust the workflow itself."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, environments, for_tests
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow

KEYS = frozenset(
    ("aws-access-key-id", "aws-secret-access-key", "credentials_json", "service_account_key", "creds", "client-secret")
)
VARIABLES = frozenset(
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "GCP_SA_KEY", "ARM_CLIENT_SECRET")
)


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        for name in KEYS & {key.lower() for key in step.inputs}:
            written = next(key for key in step.inputs if key.lower() == name)
            if _is_key(step.inputs[written]):
                yield (*step.route, "with", written), f"`{written}` is a key that never expires"
    for route, env in environments(workflow):
        for name in VARIABLES & set(env):
            if _is_key(env[name]):
                yield (*route, name), f"`{name}` is a key that never expires"


def _is_key(value: object) -> bool:
    """A secret or a literal; what an earlier step hands on may be a token of minutes."""
    text = str(value)
    return bool(text) and not for_tests(text) and "steps." not in text and "needs." not in text and "env." not in text
