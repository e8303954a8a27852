"""Rules of security contexts, and of what else the Pod Security Standards ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.checks._params import NoParams
from svc.checks._seccomp import ALLOWED
from svc.checks.kubernetes.apparmor_unconfined import PREFIX
from svc.checks.kubernetes.cel.text import (
    CONTAINER,
    HOLDER,
    among,
    at,
    both,
    each,
    has,
    is_false,
    is_true,
    items,
    text,
    texts,
    unless,
    value,
    when,
    within,
)
from svc.checks.kubernetes.cel.types import PODS, Rule, Unsayable
from svc.checks.kubernetes.handler_host import PLACES
from svc.checks.kubernetes.selinux_options import TYPES
from svc.checks.kubernetes.sysctls import SAFE

if TYPE_CHECKING:
    from svc.checks.kubernetes.capabilities_added import Params as CapabilitiesAdded
    from svc.checks.kubernetes.capabilities_kept import Params as CapabilitiesKept
    from svc.checks.kubernetes.handler_host import Params as HandlerHost
    from svc.checks.kubernetes.proc_mount import Params as ProcMount
    from svc.checks.kubernetes.run_as_non_root import Params as RunAsNonRoot
    from svc.checks.kubernetes.run_as_user_root import Params as RunAsUserRoot
    from svc.checks.kubernetes.seccomp_missing import Params as SeccompMissing
    from svc.checks.kubernetes.seccomp_unconfined import Params as SeccompUnconfined
    from svc.checks.kubernetes.selinux_options import Params as SelinuxOptions
    from svc.checks.kubernetes.sysctls import Params as Sysctls
    from svc.checks.kubernetes.user_id_low import Params as UserIdLow

CONTAINERS, HOLDERS, POD = "variables.containers", "variables.holders", "variables.pod"
WINDOWS, USER_NAMESPACE = "variables.windows", "variables.userNamespace"
CONTEXT = "c.securityContext"
_PROFILES = f"{has(CONTEXT, 'seccompProfile')} && !({among('c.securityContext.seccompProfile.type', ALLOWED)})"
_UNCONFINED = each(HOLDERS, "c", _PROFILES, HOLDER, '" has a seccomp profile that confines nothing"')


def apparmor_unconfined(_: NoParams) -> Rule:
    profile = f"{has(CONTEXT, 'appArmorProfile')} && !({among('c.securityContext.appArmorProfile.type', ALLOWED)})"
    said = "variables.annotations[k]"
    annotated = (
        f'k.startsWith({text(PREFIX)}) && !({among(said, ("", "runtime/default"))}) && !{said}.startsWith("localhost/")'
    )
    return Rule(
        PODS,
        both(
            each(HOLDERS, "c", profile, HOLDER, '" has an AppArmor profile that confines nothing"'),
            each("variables.annotations", "k", annotated, '"annotation `" + k + "` confines nothing"'),
        ),
    )


def capabilities_added(params: CapabilitiesAdded) -> Rule:
    one = '"`" + a + "` of " + ' + CONTAINER
    added = each(items("c", "securityContext", "capabilities", "add"), "a", f"!({among('a', params.allowed)})", one)
    faults = within(CONTAINERS, "c", added)
    return Rule(PODS, unless(WINDOWS, faults) if params.restricted else faults)


def capabilities_kept(params: CapabilitiesKept) -> Rule:
    dropped = items("c", "securityContext", "capabilities", "drop")
    kept = f"!{dropped}.exists(a, {among('a', dict.fromkeys((params.drop, 'ALL')))})"
    return Rule(PODS, unless(WINDOWS, each(CONTAINERS, "c", kept, CONTAINER, text(f" does not drop {params.drop}"))))


def group_root(_: NoParams) -> Rule:
    zero = " || ".join(f"{value(CONTEXT, field, default='-1')} == 0" for field in ("runAsGroup", "fsGroup"))
    more = f"{items(CONTEXT, 'supplementalGroups')}.exists(g, g == 0)"
    return Rule(PODS, each(HOLDERS, "c", f"{zero} || {more}", HOLDER, '" is in group 0, the group of root"'))


def handler_host(params: HandlerHost) -> Rule | Unsayable:
    if params.kubernetes < 34:
        return Unsayable("it finds nothing before Kubernetes 1.34")
    hosts = [value("c", *place, action, "host") for place in PLACES for action in ("httpGet", "tcpSocket")]
    called = " || ".join(f'{host} != ""' for host in hosts)
    return Rule(PODS, each(CONTAINERS, "c", called, CONTAINER, '" makes the kubelet call another host"'))


def host_process(_: NoParams) -> Rule:
    wrong = is_true(CONTEXT, "windowsOptions", "hostProcess")
    return Rule(PODS, each(HOLDERS, "c", wrong, HOLDER, '" is a process of the Windows host"'))


def privilege_escalation(_: object) -> Rule:
    allowed = f"!({is_false('c', 'securityContext', 'allowPrivilegeEscalation')})"
    return Rule(PODS, unless(WINDOWS, each(CONTAINERS, "c", allowed, CONTAINER, '" does not forbid it"')))


def privileged(_: NoParams) -> Rule:
    return Rule(PODS, each(CONTAINERS, "c", is_true("c", "securityContext", "privileged"), CONTAINER))


def proc_mount(params: ProcMount) -> Rule:
    wrong = f'{value("c", "securityContext", "procMount", default=text("Default"))} != "Default"'
    faults = each(CONTAINERS, "c", wrong, CONTAINER, '" has another procMount than `Default`"')
    free = params.user_namespace_allows and params.kubernetes >= 35
    return Rule(PODS, unless(USER_NAMESPACE, faults) if free else faults)


def root_writable(_: NoParams) -> Rule:
    writable = f"!({is_true('c', 'securityContext', 'readOnlyRootFilesystem')})"
    faults = each(CONTAINERS, "c", writable, CONTAINER, '" can write to its root file system"')
    return Rule(PODS, unless(WINDOWS, faults))


def run_as_non_root(params: RunAsNonRoot) -> Rule:
    silent = f"!{has('c', 'securityContext', 'runAsNonRoot')}"
    faults = both(
        each(HOLDERS, "c", is_false(CONTEXT, "runAsNonRoot"), HOLDER, '" allows root"'),
        unless(
            has(POD, "securityContext", "runAsNonRoot"),
            each(CONTAINERS, "c", silent, CONTAINER, '" may run as root: runAsNonRoot is not set"'),
        ),
    )
    return Rule(PODS, unless(USER_NAMESPACE, faults) if params.kubernetes >= 35 else faults)


def run_as_user_root(params: RunAsUserRoot) -> Rule:
    root = f"{value(CONTEXT, 'runAsUser', default='-1')} == 0"
    faults = each(HOLDERS, "c", root, HOLDER, '" runs as root (user 0)"')
    return Rule(PODS, unless(USER_NAMESPACE, faults) if params.kubernetes >= 35 else faults)


def seccomp_missing(_: SeccompMissing) -> Rule:
    covered = among(value(POD, "securityContext", "seccompProfile", "type"), ALLOWED)
    none = f"!{has('c', 'securityContext', 'seccompProfile')}"
    missing = unless(covered, each(CONTAINERS, "c", none, CONTAINER, '" has no seccomp profile"'))
    return Rule(PODS, unless(WINDOWS, both(_UNCONFINED, missing)))


def seccomp_unconfined(_: SeccompUnconfined) -> Rule:
    return Rule(PODS, _UNCONFINED)


def selinux_options(params: SelinuxOptions) -> Rule:
    types = ("", *TYPES, *(("container_engine_t",) if params.kubernetes >= 31 else ()))
    wrong = " || ".join(
        (
            f"!({among(value(CONTEXT, 'seLinuxOptions', 'type'), types)})",
            *(f'{value(CONTEXT, "seLinuxOptions", key)} != ""' for key in ("user", "role")),
        )
    )
    return Rule(PODS, each(HOLDERS, "c", wrong, HOLDER, '" has SELinux options that containers should not have"'))


def sysctls(params: Sysctls) -> Rule:
    safe = [name for since, names in SAFE.items() if params.kubernetes >= since for name in names]
    return Rule(
        PODS,
        each(items(POD, "securityContext", "sysctls"), "s", f"!(s.name in {texts(safe)})", '"sysctl `" + s.name + "`"'),
    )


def user_id_low(params: UserIdLow) -> Rule:
    low = f"{value(CONTEXT, 'runAsUser', default='0')} > 0 && {at(CONTEXT, 'runAsUser')}.orValue(0) < {params.minimum}"
    return Rule(PODS, each(HOLDERS, "c", low, HOLDER, text(f" runs as a user below {params.minimum}")))


def host_namespaces(_: NoParams) -> Rule:
    fields = ("hostNetwork", "hostPID", "hostIPC")
    return Rule(PODS, both(*(when(is_true(POD, field), text(f"{field} is true")) for field in fields)))
