"""Jobs before a deploy, and what they need to exist before anything else of the release does (decision 0010)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import config, identity, meta
from svc.kubernetes.needs import wait_for
from svc.kubernetes.network import egress_policy
from svc.kubernetes.types import Manifest
from svc.kubernetes.workloads import hook_phases, workload_manifest
from svc.records import replace
from svc.resolve import names
from svc.resolve.released import with_release
from svc.resolve.types.process import ConfigKey, EnvFrom, Process, SecretKey, Variable
from svc.resolve.types.volumes import ConfigFiles, SecretFiles, Volume
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload

_ORDER = ("pre-install", "post-install", "pre-upgrade")
_FIRST = "-10"


def hooks(resolved: Resolved) -> Iterator[Manifest]:
    """The jobs before a deploy, after copies of the account, configuration, secrets and network policy they use."""
    jobs = [one for one in resolved.jobs if one.job and one.job.run == "before-deploy"]
    if not jobs:
        return
    yield from _prerequisites(resolved, jobs)
    account = resolved.account
    if account.create:
        account = replace(account, name=names.predeploy(account.name))
    for job in jobs:
        yield workload_manifest(replace(resolved, account=account), _redirected(resolved, job))


def _prerequisites(resolved: Resolved, jobs: list[Workload]) -> Iterator[Manifest]:
    phases = {phase for job in jobs for phase in hook_phases(resolved, job).split(",")}
    notes: list[tuple[str, Any]] = [
        (meta.HOOK, ",".join(one for one in _ORDER if one in phases)),
        (meta.HOOK_WEIGHT, _FIRST),
        (meta.HOOK_DELETE, "before-hook-creation,hook-succeeded"),
    ]
    account = names.predeploy(resolved.account.name)
    if resolved.account.create:
        yield identity.service_account(resolved, account, notes)
        if resolved.account.rules:
            yield from identity.access(resolved, account, notes)
    used = {name for job in jobs for name in _used(job)}
    for one in resolved.configs:
        if one.name in used:
            head = meta.metadata(resolved, names.predeploy(one.name), config.COMPONENT, notes)
            yield config.config_map(one, head)
    for secret in resolved.secrets:
        if secret.name in used:
            name = names.predeploy(secret.name)
            yield config.external_secret(secret, name, meta.metadata(resolved, name, config.COMPONENT, notes))
    components = [job.component for job in jobs]
    expression = {"key": names.COMPONENT_LABEL, "operator": "In", "values": components}
    pods = {"matchLabels": meta.pods_selector(resolved), "matchExpressions": [expression]}
    yield egress_policy(resolved, names.predeploy(resolved.name), pods, notes)


def _used(job: Workload) -> Iterator[str]:
    """Names of the ConfigMaps and Secrets that a job reads."""
    for process in job.processes:
        for variable in process.env:
            if isinstance(variable.value, SecretKey):
                yield variable.value.secret
            elif isinstance(variable.value, ConfigKey):
                yield variable.value.config
        yield from (one.name for one in process.env_from)
    for volume in job.volumes:
        if isinstance(volume, ConfigFiles):
            yield volume.config
        elif isinstance(volume, SecretFiles):
            yield volume.secret


# --- the job, reading the copies ---------------------------------------------------------------------------------


def _redirected(resolved: Resolved, job: Workload) -> Workload:
    own = {one.name for one in resolved.configs} | {one.name for one in resolved.secrets}
    waits = tuple(wait_for(one) for one in with_release(resolved, job) if one.image is not None)
    return replace(
        job,
        main=_process(job.main, own),
        init=(*waits, *(_process(one, own) for one in job.init)),
        sidecars=tuple(_process(one, own) for one in job.sidecars),
        volumes=tuple(_volume(one, own) for one in job.volumes),
    )


def _copy(name: str, own: set[str]) -> str:
    return names.predeploy(name) if name in own else name


def _process(process: Process, own: set[str]) -> Process:
    env = tuple(_variable(one, own) for one in process.env)
    env_from = tuple(_env_from(one, own) for one in process.env_from)
    return replace(process, env=env, env_from=env_from)


def _variable(one: Variable, own: set[str]) -> Variable:
    if isinstance(one.value, SecretKey):
        return replace(one, value=replace(one.value, secret=_copy(one.value.secret, own)))
    if isinstance(one.value, ConfigKey):
        return replace(one, value=replace(one.value, config=_copy(one.value.config, own)))
    return one


def _env_from(one: EnvFrom, own: set[str]) -> EnvFrom:
    return replace(one, name=_copy(one.name, own))


def _volume(one: Volume, own: set[str]) -> Volume:
    if isinstance(one, ConfigFiles):
        return replace(one, config=_copy(one.config, own))
    if isinstance(one, SecretFiles):
        return replace(one, secret=_copy(one.secret, own))
    return one
