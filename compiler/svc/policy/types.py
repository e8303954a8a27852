"""What the policy stage works with: decisions, the settings that select them, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from posixpath import join, normpath
from typing import Any, Literal

from svc.diagnostics import Diagnostic, Place, Route, Severity, Within
from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.protocol import Subject, Surface

Fix = Literal["none", "lock", "safe", "unsafe"]

PROFILES = ("baseline", "recommended", "strict")
SETS = ("pss-baseline", "pss-restricted")
"""Policy sets besides the profiles: the two levels of the Kubernetes Pod Security Standards."""

SHELLCHECK = "shellcheck"
"""The check of policies that ShellCheck judges, and the form of its codes, which may be named like aliases."""
SHELLCHECK_CODE = regex(r"SC\d{4}")
PROGRAMS = frozenset({"cue", SHELLCHECK})
"""The checks of policies that are judged by a program, in one call each."""
_TRIVY = regex(r"(AWS|AZU|GCP|DS|KSV)-(\d{4,5})")

KUBERNETES_MINOR = 37
"""The newest Kubernetes 1.x whose Pod Security Standards and removed APIs are known here."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One decision over one check. `unless`: policies whose finding at the same place says it already."""

    id: str
    title: str
    severity: Severity
    surface: Surface
    check: str
    profiles: tuple[str, ...]
    sets: tuple[str, ...]
    params: Mapping[str, Any]
    why: str
    help: str
    aliases: tuple[str, ...]
    since: str
    fix: Fix
    unless: tuple[str, ...]
    place: Place = field(compare=False)

    def answers(self, name: str) -> bool:
        """Whether people may mean this policy by `name`: its id, or the id that another tool gives the same demand."""
        code = self.check == SHELLCHECK and SHELLCHECK_CODE.fullmatch(name) is not None
        return name in self.names or code

    @property
    def names(self) -> tuple[str, ...]:
        """All that it may be called: its id, its aliases, and Trivy's ids as Trivy wrote them before."""
        return (self.id, *self.aliases, *_older(self.aliases))


@lru_cache(maxsize=4096)
def _older(aliases: tuple[str, ...]) -> tuple[str, ...]:
    """`AVD-AWS-0107` of `AWS-0107`; of manifests and Dockerfiles `KSV014` and `DS002` too."""
    found = [match for one in aliases if (match := _TRIVY.fullmatch(one))]
    short = (f"{one[1]}{int(one[2]):03}" for one in found if one[1] in ("KSV", "DS"))
    return (*(f"AVD-{one[0]}" for one in found), *short)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Policies sorted by id. With problems nothing may be judged: the gate would check less than it says."""

    policies: tuple[Policy, ...]
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """`profile` is a profile or a set. `severities` remaps by policy id: None turns a policy off, a severity on.

    `select`: these policies alone, whatever the profile; `ignore`: all but these. Ids or aliases. `deep`: policies
    whose judge is a slow program run although nobody named them. `mandatory`: these run in every profile.
    """

    profile: str = "recommended"
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    kubernetes: int = KUBERNETES_MINOR
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    deep: bool = False
    mandatory: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`route` is in `subject.artifact`, and `within` in the text there; where that is in a file is looked up by whoever
    reports it."""

    policy: str
    severity: Severity
    subject: Subject
    route: Route
    message: str
    help: str
    within: Within | None = None
    unfixed: str = ""
    """Why it is not fixed by an edit, though others of its policy are."""


class CueFailed(Exception):
    """Policies that a program evaluates (CUE, ShellCheck) could not be: `diagnostics` say why. Nothing was judged."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(one.message for one in diagnostics))
        self.diagnostics = tuple(diagnostics)


@dataclass(frozen=True, slots=True)
class Home:
    """What waivers and baselines name files from: `folder`, and `here`, from which reports name them; both absolute."""

    folder: str = ""
    here: str = ""

    def name(self, file: str) -> str:
        """The one name of a reported file: as it is reported, where it lies elsewhere, or where there is no folder.

        A file below the folder has no other name from there: as reported, `Dockerfile` is a different one in each
        folder in which svc is called.
        """
        name = normpath(join(self.here, file)).removeprefix(f"{self.folder.rstrip('/')}/") if self.folder else file
        return file if name.startswith("/") else name


AS_REPORTED = Home()
