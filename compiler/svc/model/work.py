"""Other processes of the same image: jobs and workers."""

from __future__ import annotations

from typing import Literal

from svc.model.base import Part, about
from svc.model.mapped import after
from svc.model.process import Container
from svc.model.rollout import Rollout
from svc.model.scalars import Count, CronLine, Duration, Flag, Positive, TimeZone
from svc.model.scale import Scale
from svc.model.spelled import refuse


class Overrides(Container):
    """A process that runs the service's image with the service's variables, secrets and files unless it says otherwise."""

    inherit: Flag = about("Take over env, secrets, files and volumes of the service.", default=True)


class History(Part):
    """Finished runs that are kept."""

    successful: Count = about("Successful ones.", default=3)
    failed: Count = about("Failed ones.", default=1)


class Job(Overrides):
    """A process that ends: before or after a deploy, on a schedule, or started by hand."""

    run: Literal["before-deploy", "after-deploy", "manual"] | None = about(
        "When it runs; a `schedule` instead makes a cron job.", "before-deploy"
    )
    schedule: CronLine | None = about("Cron line.", "0 2 * * *")
    timezone: TimeZone = about("Time zone of the schedule.", default="Etc/UTC")
    concurrency: Literal["allow", "forbid", "replace"] = about("When the last run is not over yet.", default="forbid")
    backoff: Count = about("Retries before the job has failed.", default=3)
    timeout: Duration = about("How long it may take in all; an hour unless given.", "10m", default=3600)
    keep_finished: Duration = about("When a finished job is removed; a day unless given.", "1h", default=86400)
    completions: Positive | None = about("How many runs must succeed.", 1)
    parallelism: Positive | None = about("How many run at once.", 1)
    indexed: Flag = about("Every run has an index, JOB_COMPLETION_INDEX; needs `completions`.", default=False)
    history: History | None = about("Finished runs of a schedule that are kept.", {"successful": 5, "failed": 5})
    start_deadline: Duration | None = about("How late a scheduled run may start; five minutes unless given.", "5m")
    suspend: Flag = about("Do not start new runs.", default=False)
    give_up_on: list[Positive] = about(
        "Exit codes after which the job has failed without another try.", [42], default_factory=list
    )
    ignore_disruptions: Flag = about("A pod that the cluster took away does not count as a try.", default=False)
    restart: Literal["never", "on-failure"] = about("In a new pod, or in the same one.", default="never")

    @after
    def _one_trigger(self) -> Job:
        if self.run is not None and self.schedule is not None:
            raise refuse(f"a job has either run ({self.run}) or a schedule")
        if self.run is None and self.schedule is None:
            raise refuse("a job needs run (before-deploy, after-deploy, manual) or a schedule such as 0 2 * * *")
        if self.indexed and self.completions is None:
            raise refuse("an indexed job has a fixed number of runs: add `completions`", "indexed")
        if self.suspend and self.schedule is None:
            raise refuse(
                "only a job with a schedule can be suspended: remove `suspend`, or write `schedule`", "suspend"
            )
        return self


class Worker(Overrides):
    """Another long-running process of the same image, without a Service."""

    scale: Scale | None = about("Replicas; 1 unless given.", {"min": 1})
    rollout: Rollout | None = about("How it is replaced.", {"strategy": "recreate"})
