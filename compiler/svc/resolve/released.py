"""What of a service is made by its release itself, and who needs it: none of it is there before a first install."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from svc.resolve import names
from svc.resolve.types.needs import Need
from svc.resolve.types.process import ConfigKey, Literal_, Process, SecretKey
from svc.resolve.types.volumes import Claim, ConfigFiles, SecretFiles
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload


def with_release(resolved: Resolved, workload: Workload) -> tuple[Need, ...]:
    """Backing services in the cluster, which come with the release, that a workload is told of: by Secret or by name,
    in variables, commands or files."""
    found = (one for one in resolved.needs if one.realise == "in-cluster")
    return tuple(
        one
        for one in found
        if any(_told(process, one) for process in workload.processes) or _filed(resolved, workload, one)
    )


def needs_release(resolved: Resolved, workload: Workload) -> bool:
    """Whether a job needs what the release brings: a backing service in the cluster, a claim."""
    claims = any(isinstance(one, Claim) and not one.existing for one in workload.volumes)
    return claims or bool(with_release(resolved, workload))


def waited_for(resolved: Resolved) -> tuple[str, ...]:
    """The objects of the release that jobs before a deploy need: where one is not there yet, such a job comes behind the
    release, and what it makes is not there for the pods."""
    jobs = [one for one in resolved.jobs if one.job is not None and one.job.run == "before-deploy"]
    found = [need.object_name for job in jobs for need in with_release(resolved, job)]
    for job in jobs:
        found += [
            claim_name(resolved, job, one.name) for one in job.volumes if isinstance(one, Claim) and not one.existing
        ]
    return tuple(dict.fromkeys(found))


def claim_name(resolved: Resolved, workload: Workload, volume: str) -> str:
    """The claim behind a workload's volume. Workloads that mount one and the same `volumes` entry share it."""
    route = next(one.at for one in workload.volumes if one.name == volume)
    for owner in resolved.workloads:
        if route and any(one.name == volume and one.at == route for one in owner.volumes):
            return f"{owner.name}-{volume}"
    return f"{workload.name}-{volume}"


def _told(process: Process, need: Need) -> bool:
    secrets = {need.secret, names.predeploy(need.secret)}
    if any(one.kind == "secret" and one.name in secrets for one in process.env_from):
        return True
    if any(isinstance(one.value, SecretKey) and one.value.secret in secrets for one in process.env):
        return True
    literals = [one.value.text for one in process.env if isinstance(one.value, Literal_)]
    return _speaks_of(need, (*literals, *(process.command or ()), *(process.args or ())))


def _filed(resolved: Resolved, workload: Workload, need: Need) -> bool:
    """Whether what a workload reads of the service's ConfigMaps, as files or variables, or of the need's Secret tells it."""
    secrets = {need.secret, names.predeploy(need.secret)}
    if any(isinstance(one, SecretFiles) and one.secret in secrets for one in workload.volumes):
        return True
    read = tuple(_read(workload))
    return any(
        _speaks_of(need, (text for key, text in config.data if keys is None or key in keys))
        for config in resolved.configs
        for name, keys in read
        if name in (config.name, names.predeploy(config.name))
    )


def _read(workload: Workload) -> Iterator[tuple[str, set[str] | None]]:
    """Names of the ConfigMaps that a workload reads, and the keys that it takes of them; None: all."""
    for one in workload.volumes:
        if isinstance(one, ConfigFiles):
            yield one.config, {key for key, _, _ in one.items} or None
    for process in workload.processes:
        yield from ((one.name, None) for one in process.env_from if one.kind == "config")
        for variable in process.env:
            if isinstance(variable.value, ConfigKey):
                yield variable.value.config, {variable.value.key}


def _speaks_of(need: Need, texts: Iterable[str]) -> bool:
    """Whether a text has the need's host as a whole name: alone, in an address, before its domain, behind `-h`."""
    host = need.outputs.get("host")
    if not isinstance(host, Literal_) or not host.text:
        return False
    name = re.compile(rf"(?:(?<![\w.-])|(?<=^-[A-Za-z])|(?<=\s-[A-Za-z])){re.escape(host.text)}(?![\w-])")
    return any(name.search(text) for text in texts)
