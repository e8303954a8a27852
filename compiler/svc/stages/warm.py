"""What every service needs once, such as modules, schemas and templates, is loaded before processes are forked."""

from __future__ import annotations

import contextlib
import gc

from svc.parse import parse_one
from svc.policy.run import selected
from svc.policy.types import SHELLCHECK
from svc.resolve import resolve
from svc.source import Source, Unreadable
from svc.specs import Located
from svc.stages import service
from svc.stages.types import Request

_SAMPLE = """\
apiVersion: svc/v1
name: sample
build: {language: python, manager: pip, main: app.py}
ports: {http: 8080}
health: /healthz
env: {PORT: "${ports.http}", DATABASE_URL: "${needs.db.url}"}
needs: {db: {type: postgres}}
secrets: {TOKEN: sample/token}
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
"""


def warm(located: Located, request: Request, rules: service.Ruled) -> None:
    """Compiles a service that nobody sees; what is wrong with it here says nothing about those that are asked for."""
    running = selected(rules.loaded.policies, rules.settings)
    if any(policy.check in ("cue", SHELLCHECK) for policy, _ in running):
        return  # programs are started for real services alone

    def read(relative: str) -> Unreadable:
        return Unreadable(relative, "file-missing", "there is none")

    document = parse_one(Source("service.yaml", _SAMPLE)).documents[0]
    spec = resolve.Spec(document, "sample", "sample/service.yaml", read, lambda _: frozenset())
    with contextlib.suppress(Exception):
        made, _ = resolve.drafts(spec, located.workspace)
        list(service.parts([service.Drafted(spec, made, {})], {}, located, request, lambda: rules))
    gc.freeze()
