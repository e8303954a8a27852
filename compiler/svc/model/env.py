"""Environment variables and secrets."""

from __future__ import annotations

from typing import ClassVar

from svc.model.base import Part, about
from svc.model.mapped import after
from svc.model.scalars import AbsolutePath, Flag, SubdomainName, Text
from svc.model.spelled import refuse
from svc.model.texts import DataKey, EnvPrefix, Property, StorePath


class EnvFromSource(Part):
    """A variable whose value stands in an existing Secret or ConfigMap."""

    SHORT: ClassVar[str] = "value"
    value: Text | None = about(
        "The text; ${...} refers to services, needs, secrets, the pod and earlier variables.", "info"
    )
    secret: SubdomainName | None = about("An existing Secret.", "elasticache-redis")
    config: SubdomainName | None = about("An existing ConfigMap.", "environment-config")
    key: DataKey | None = about("The key in it; the variable's name unless given.", "auth_token")
    optional: Flag = about("The pod starts without it.", default=False)

    @after
    def _one_source(self) -> EnvFromSource:
        given = [name for name in ("value", "secret", "config") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(
                "a variable has exactly one of value, secret, config"
                + (f"; found {' and '.join(given)}" if given else "")
            )
        return self


class EnvFrom(Part):
    """All keys of an existing ConfigMap or Secret as variables."""

    secret: SubdomainName | None = about("An existing Secret.", "orders-db")
    config: SubdomainName | None = about("An existing ConfigMap.", "environment-config")
    prefix: EnvPrefix = about("Put before every key.", "DB_", default="")
    optional: Flag = about("The pod starts without it.", default=False)

    @after
    def _one_source(self) -> EnvFrom:
        if (self.secret is None) == (self.config is None):
            raise refuse("env_from needs exactly one of secret, config")
        return self


class Secret(Part):
    """A secret variable: from a path in the secret store, or from an existing Kubernetes Secret. Never a value."""

    SHORT: ClassVar[str] = "from"
    from_: StorePath | None = about("Path in the secret store.", "payments/stripe", alias="from")
    secret: SubdomainName | None = about("An existing Kubernetes Secret, instead of `from`.", "hmpps-prisoner-profile")
    key: Property | None = about(
        "Property at the path, all that is there unless given; or key in the Secret, the variable's name unless given.",
        "api_key",
    )
    file: AbsolutePath | None = about("Mount it as this file instead of setting a variable.", "/run/secrets/token")
    optional: Flag = about("The pod starts without it.", default=False)

    @after
    def _one_source(self) -> Secret:
        if (self.from_ is None) == (self.secret is None):
            raise refuse(
                "a secret has exactly one of from (a path in the secret store) and secret (an existing Secret)"
            )
        return self
