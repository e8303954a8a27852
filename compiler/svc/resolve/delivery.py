"""How the service is delivered: tests and deploys, the cloud that it runs in, patches of what is made."""

from __future__ import annotations

from svc.model.delivery import Ci as GivenCi
from svc.model.delivery import Cloud as GivenCloud
from svc.model.mapped import written
from svc.resolve.context import Context
from svc.resolve.inputs import folders
from svc.resolve.patching import surface, unknown_surface
from svc.resolve.sources_git import submodules
from svc.resolve.types.delivery import Ci, Cloud, Patch, Permission
from svc.suggest import nearest


def ci(context: Context) -> Ci:
    given = context.service.ci if context.service.ci is not None else GivenCi()
    test = given.test
    services: list[str] = []
    for index, wanted in enumerate(test.services if test is not None else []):
        found = [name for name, need in context.service.needs.items() if wanted in (name, need.type)]
        if not found:
            known = list(context.service.needs)
            context.report(
                "test-service-unknown",
                ("ci", "test", "services", index),
                f"there is no need `{wanted}`; declared are {', '.join(known) or 'none'}{nearest(wanted, known)}",
            )
        services += [name for name in found if name not in services]
    built = context.service.build
    branch = given.branch if "branch" in written(given) else context.workspace.branch
    return Ci(
        provider=given.provider,
        repository=given.repository or context.workspace.repository or "",
        branch=branch,
        test=test.command if test is not None else "",
        test_services=tuple(services),
        paths=tuple(given.paths)
        or (folders(context.directory, built.context if built else ".") if context.directory else ()),
        runner=given.runner,
        scan_severity=tuple(given.scan),
        reusable_workflow=given.reusable_workflow,
        at=("ci",),
        submodules=submodules(context),
    )


def cloud(context: Context) -> Cloud:
    given = context.service.cloud if context.service.cloud is not None else GivenCloud()
    settings, observe = context.settings, context.service.observe
    permissions = tuple(
        Permission(tuple(one.actions), tuple(one.resources), ("cloud", "permissions", index))
        for index, one in enumerate(given.permissions)
    )
    return Cloud(
        provider=given.provider,
        region=given.region or settings.region or "",
        account=given.account or settings.account or "",
        cluster=given.cluster or settings.cluster or "",
        state_bucket=given.state_bucket or settings.state_bucket or "",
        permissions=permissions,
        log_retention_days=observe.log_retention if observe is not None else 365,
        alarms=observe.alarms if observe is not None else True,
        alarm_topic=given.alarm_topic or settings.alarm_topic or "",
        dns_zone=given.dns_zone or settings.dns_zone or "",
        at=("cloud",),
    )


def patches(context: Context) -> tuple[Patch, ...]:
    from svc.model.spelled import in_order, plain

    found = tuple(
        Patch(
            one.target, one.name, in_order(plain(one.merge)), tuple(in_order(plain(one.json_patch))), ("patches", index)
        )
        for index, one in enumerate(context.service.patches)
    )
    mine = {"kubernetes" if name == "helm" else name: name for name in context.service.own}
    for patch in found:
        unknown, name = unknown_surface(patch), surface(patch)[0]
        if unknown is not None:
            context.problems.append(unknown)
        elif name in mine:
            message = f"`{patch.target}` is not generated: {mine[name]} is your own"
            help_ = f"change your own files, or remove {mine[name]} from `own`"
            context.report("patch-of-own", (*patch.at, "target"), message, help=help_)
    return found
