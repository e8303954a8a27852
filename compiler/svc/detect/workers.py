"""Workers of queues, by the libraries of a tree and the scripts of its package."""

from __future__ import annotations

from svc.detect import starts
from svc.detect.node import from_root, script_at, scripts, starts_node
from svc.detect.project import Process, Project, wants
from svc.detect.tree import At, Tree
from svc.patterns import regex

_QUEUES = (
    ("python", r"(?:^|[\"'\s])rq\b", "worker", "rq worker"),
    ("ruby", r"gem\s+[\"']sidekiq[\"']", "sidekiq", "bundle exec sidekiq"),
)
_FORKS = "--concurrency=2"
"""Celery forks a process for each processor of the node otherwise, whatever the container may use."""
_SCHEDULES = ("routes/console.php", "app/Console/Kernel.php", "bootstrap/app.php")
_SCHEDULED = r"^\s*(?:Schedule::\w+\(|\$schedule->(?!load)\w+\()"
"""Where Laravel is told what to do and when, which something has to run each minute."""
_MODULE = regex(r"^(\w+)\s*=\s*(?:\w+\.)?Celery\(")


def workers(tree: Tree, project: Project) -> list[Process]:
    found: list[Process] = []
    if project.language == "python" and wants(tree, project, r"\bcelery\b"):
        path, hit = next(
            ((one, hit) for one in tree.named(".py") if (hit := tree.search(one, _MODULE.pattern)) is not None),
            ("", None),
        )
        if hit is not None:
            folder = starts.django_folder(tree)
            beneath = bool(folder) and path.startswith(f"{folder}/")
            name = starts.dotted(path[len(folder) + 1 :]) if beneath else starts.module(tree, path)
            module = name.removesuffix(".celery")
            celery = f"celery --workdir {folder} -A {module}" if beneath else f"celery -A {module}"
            found.append(Process("worker", "worker", f"{celery} worker {_FORKS}", hit[1]))
            beats = [
                seen[1] for one in tree.named(".py") if (seen := tree.search(one, r"(?i)beat_schedule")) is not None
            ]
            beat = f"{celery} beat --schedule /tmp/beat"
            found += [Process("worker", "beat", beat, place) for place in beats[:1]]
    for language, pattern, name, command in _QUEUES:
        at = wants(tree, project, pattern) if project.language == language else None
        found += [Process("worker", name, command, at)] if at is not None else []
    for name, command in scripts(tree, project).items() if project.language == "node" else ():
        if name in ("worker", "start:worker", "workers", "queue") and starts_node(command):
            found.append(Process("worker", "worker", from_root(command, project.home), script_at(tree, project, name)))
    jobs = wants(tree, project, r"gem\s+[\"']solid_queue[\"']") if project.language == "ruby" else None
    if jobs is not None and not found:
        found.append(Process("worker", "jobs", "bundle exec rake solid_queue:start", jobs))
    horizon = wants(tree, project, r"\"laravel/horizon\"") if project.language == "php" else None
    if horizon is not None:
        found.append(Process("worker", "horizon", "php artisan horizon", horizon))
    elif "artisan" in tree.files and tree.search(".env.example", r"^QUEUE_CONNECTION=(?!sync)\w") is not None:
        found.append(Process("worker", "queue", "php artisan queue:work", At(".env.example")))
    clock = next((hit[1] for path in _SCHEDULES if (hit := tree.search(path, _SCHEDULED)) is not None), None)
    if "artisan" in tree.files and clock is not None:
        found.append(Process("worker", "scheduler", "php artisan schedule:work", clock))
    messenger = wants(tree, project, r"\"symfony/messenger\"") if "bin/console" in tree.files else None
    if messenger is not None:
        found.append(Process("worker", "messenger", "php bin/console messenger:consume async", messenger))
    return found
