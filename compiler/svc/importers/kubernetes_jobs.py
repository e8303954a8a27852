"""CronJobs and Jobs become `jobs`, a Deployment beside the server of the same image one of the `workers`."""

from __future__ import annotations

from svc.importers.draft import Draft, label
from svc.importers.kubernetes_container import Pod, Route
from svc.importers.kubernetes_objects import OBJECT, Objects, added, name_of, other_annotations, pod_labels, take
from svc.importers.kubernetes_pod import read
from svc.importers.ledger import View
from svc.kubernetes.workloads import NEVER
from svc.scalars import digits

_HOOK, _WEIGHT = "helm.sh/hook", "helm.sh/hook-weight"
_JOB = {"backoffLimit": ("backoff", 3), "activeDeadlineSeconds": ("timeout", 3600), "completions": ("completions", None),
        "parallelism": ("parallelism", None), "ttlSecondsAfterFinished": ("keep_finished", 86400)}  # fmt: skip


def hook(view: View) -> str:
    return view.at("metadata", "annotations", _HOOK).text


def weight(view: View) -> int:
    value = view.at("metadata", "annotations", _WEIGHT).text
    return int(value) if digits(value.removeprefix("-")) else 0


def short(view: View, draft: Draft) -> str:
    """The name in the spec, to which the compiler adds the service's again."""
    return label(name_of(view).removeprefix(f"{draft.name}-"), 52 - len(draft.name) - 1)


def job(view: View, draft: Draft, objects: Objects) -> None:
    """A Job or CronJob as one of the service's `jobs`. It inherits nothing: all that it has stands in it."""
    view, at = view.of(draft.name), ("jobs", short(view, draft))
    view.at("metadata", "name").mapped(*at)
    draft.set((*at, "inherit"), False)
    kind, scheduled = view.at("kind").text, view.at("kind").text == "CronJob"
    inside: tuple[str, ...] = ("spec", "jobTemplate", "spec") if scheduled else ("spec",)
    name = f"{draft.name}-{at[1]}"
    if scheduled:
        _schedule(view, draft, at, name)
    else:
        phases = hook(view)
        early = "pre-install" in phases or "pre-upgrade" in phases
        draft.set((*at, "run"), "before-deploy" if early else "after-deploy")
        if not phases:
            draft.missing.append(f"`{'.'.join(at)}.run`: a Job by itself runs once; after every deploy is assumed")
    other_annotations(view, draft, kind, name)
    for key, part in view.at(*inside).items():
        if key in _JOB:
            to, usual = _JOB[key]
            take(part, draft, (*at, to), part.value, usual)
        elif key == "completionMode":
            take(part, draft, (*at, "indexed"), part.text == "Indexed", False)
        elif key in ("selector", "manualSelector"):
            part.default(OBJECT)
        elif key != "template":
            added(part, draft, kind, name, (*inside, key), part.value)
    if not view.at(*inside, "activeDeadlineSeconds").there:
        draft.set((*at, "timeout"), 0)
    _meta(view.at(*inside, "template", "metadata"), draft)
    template: Route = (*inside, "template", "spec")
    read(view, Pod(draft, objects, view.at(*template), kind, name, template), at, {})


def _meta(view: View, draft: Draft) -> None:
    view.at("labels").default(OBJECT)
    for key, one in view.at("annotations").items():
        if draft.get("annotations", key) == one.text or key.startswith("checksum/"):
            one.default("as the service's pods have it")
        else:
            one.dropped("annotations of pods are the service's")


def _schedule(view: View, draft: Draft, at: Route, name: str) -> None:
    spec = view.at("spec")
    manual = spec.at("schedule").text == NEVER and spec.at("suspend").value is True
    for key, part in spec.items():
        if key == "schedule":
            take(part, draft, (*at, "run" if manual else "schedule"), "manual" if manual else part.text)
        elif key == "timeZone":
            take(part, draft, (*at, "timezone"), part.text, "Etc/UTC")
        elif key == "concurrencyPolicy":
            take(part, draft, (*at, "concurrency"), part.text.lower(), "forbid")
        elif key == "startingDeadlineSeconds":
            take(part, draft, (*at, "start_deadline"), part.value, 300)
        elif key == "suspend":
            take(part, draft, (*at, "suspend"), part.value, manual)
        elif key == "successfulJobsHistoryLimit":
            take(part, draft, (*at, "history", "successful"), part.value, 3)
        elif key == "failedJobsHistoryLimit":
            take(part, draft, (*at, "history", "failed"), part.value, 1)
        elif key != "jobTemplate":
            added(part, draft, "CronJob", name, ("spec", key), part.value)
    if not spec.at("concurrencyPolicy").there:
        draft.set((*at, "concurrency"), "allow")
    spec.at("jobTemplate", "metadata").default(OBJECT)


def worker(view: View, draft: Draft, objects: Objects) -> None:
    view, at = view.of(draft.name), ("workers", short(view, draft))
    name = f"{draft.name}-{at[1]}"
    view.at("metadata", "name").mapped(*at)
    draft.set((*at, "inherit"), False)
    from svc.importers.kubernetes_scale import scaled, workload_spec

    workload_spec(view, draft, at, "Deployment", name)
    other_annotations(view, draft, "Deployment", name)
    _meta(view.at("spec", "template", "metadata"), draft)
    template: Route = ("spec", "template", "spec")
    read(view, Pod(draft, objects, view.at(*template), "Deployment", name, template), at, {})
    scaled(objects, view, draft, at, name)


def beside(view: View, servers: list[tuple[View, Draft]]) -> Draft | None:
    """The service that a job, or a Deployment without a Service, belongs to."""
    labels = pod_labels(view)
    for key in ("app.kubernetes.io/name", "app.kubernetes.io/instance"):
        found = [draft for server, draft in servers if key in labels and pod_labels(server).get(key) == labels[key]]
        if len(found) == 1:
            return found[0]
    image = _image(view)
    found = [draft for server, draft in servers if image and _image(server) == image]
    return found[0] if len(found) == 1 else None


def _image(view: View) -> str:
    inside = ("spec", "jobTemplate", "spec") if view.at("kind").text == "CronJob" else ("spec",)
    return view.at(*inside, "template", "spec", "containers", 0, "image").text
