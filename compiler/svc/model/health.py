"""Probes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from svc.model.base import Command, Part, about, required
from svc.model.mapped import Chosen, after, before
from svc.model.scalars import Duration, Flag, PortReference, Positive, Text, UrlPath
from svc.model.spelled import Spelled, refuse


class HttpProbe(Part):
    """A GET that must answer 200 to 399; short form: the path."""

    SHORT: ClassVar[str] = "path"
    SHORT_MERGES: ClassVar[bool] = True
    path: UrlPath = required("The path, with a leading slash.", "/healthz")
    port: PortReference | None = about("Name or number of the port; the main HTTP port unless given.", "http")
    headers: dict[Text, Text] = about("Request headers.", {"Cookie": "probe=1"}, default_factory=dict)
    scheme: Literal["http", "https"] | None = about("http unless the port's protocol is https.")


class GrpcProbe(Part):
    """The standard gRPC health service; short form: the port's name or number."""

    SHORT: ClassVar[str] = "port"
    port: PortReference = required("Name or number of the port.", "grpc")
    service: Text | None = about("The service name in the health request.", "checkout")


class TcpProbe(Part):
    """A connection that must open; short form: the port's name or number."""

    SHORT: ClassVar[str] = "port"
    port: PortReference = required("Name or number of the port.", 5432)


PROBES = ("http", "grpc", "tcp", "exec")
ROLES = ("ready", "live", "startup")
_WRITE = f"write one of {', '.join(PROBES)}, such as `http: /healthz`"


class Probe(Part):
    """One question to the process, with its timings. Exactly one of http, grpc, tcp, exec."""

    http: HttpProbe | None = about("An HTTP GET.", "/healthz")
    grpc: GrpcProbe | None = about("A gRPC health check.", "grpc")
    tcp: TcpProbe | None = about("A TCP connection.", 5432)
    exec: Command | None = about("A command in the container that must exit 0.", ["pg_isready"])
    initial_delay: Duration | None = about("Wait before the first question.", "10s")
    period: Duration | None = about("Time between questions; 5s for ready, 10s for live and startup.", "10s")
    timeout: Duration | None = about("How long an answer may take; must not exceed the period. 1s unless given.", "1s")
    failures: Positive | None = about("Failures in a row that count; 3 unless given (30 for startup).", 3)
    successes: Positive | None = about("Successes in a row that count; must be 1 for live and startup.", 1)

    @property
    def asks(self) -> list[str]:
        return [kind for kind in PROBES if getattr(self, kind) is not None]

    @after
    def _one_question(self) -> Self:
        if len(self.asks) > 1:
            asked = " and ".join(self.asks)
            raise refuse(
                f"one probe asks {asked} at once: keep one of them, or ask one by `ready` and one by `live`",
                self.asks[1],
            )
        return self


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, Spelled) and isinstance(value.value, bool))


ProbeOrOff = Annotated[Probe | Flag, Chosen(_is_flag)]


class Health(Probe):
    """One endpoint for readiness and liveness, or each on its own; short form: the path of `http`. `live: false` turns one off."""

    ready: ProbeOrOff | None = about("When the process may get traffic.", {"http": "/ready"})
    live: ProbeOrOff | None = about("When the process must be restarted.", {"http": "/live"})
    startup: ProbeOrOff | None = about(
        "Until it succeeds the other two wait; for Java, Kotlin and Ruby as `live` unless given.",
        {"http": "/live", "failures": 30},
    )

    @after
    def _asks_something(self) -> Self:
        given = {role: getattr(self, role) for role in ROLES}
        silent = [role for role, probe in given.items() if isinstance(probe, Probe) and not probe.asks]
        if not self.asks and silent:
            raise refuse(f"the {silent[0]} probe asks nothing: {_WRITE}", silent[0])
        if not self.asks and all(probe is None for probe in given.values()):
            raise refuse(f"health asks nothing: {_WRITE}")
        return self

    @classmethod
    @before
    def _switches(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"http": value}
        return value
