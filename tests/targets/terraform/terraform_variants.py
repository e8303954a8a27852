"""Services that use what the samples do not: ECR, MySQL, topics, first-in-first-out, a load balancer of the cloud."""

from __future__ import annotations

from dataclasses import replace

from sample_needs import managed
from sample_parts import cloud
from samples import web
from svc.resolve.types.delivery import Permission
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Need
from svc.resolve.types.whole import Resolved

ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments/checkout"


def everything_managed(environment: str = "production") -> Resolved:
    """All needs in the cloud in every environment, an image in ECR, TLS at the cloud's load balancer."""
    base = web(environment)
    needs = tuple(replace(need, realise="managed") for need in base.needs)
    mysql = replace(needs[0], name="ledger-db", object_name="checkout-ledger-db", type="mysql", version="8")
    mysql = replace(mysql, path=f"{environment}/checkout/ledger-db", at=("needs", "ledger-db"))
    valkey = replace(
        needs[1], name="sessions", version="8", path=f"{environment}/checkout/sessions", at=("needs", "sessions")
    )
    more = (
        mysql,
        valkey,
        _outputs(managed("checkout", environment, "events", "topic"), "arn", "name"),
        replace(_outputs(managed("checkout", environment, "billing", "queue"), "url"), fifo=True),
    )
    hosts = (f"{environment}.example.com", f"{environment}.shop.example.com")
    expose = base.expose and replace(base.expose, class_name="alb", hosts=hosts)
    return replace(
        base,
        image=Image(ECR, "0.0.0", base.image.digest, True, ("build",)),
        needs=(*needs, *more),
        expose=expose,
        cloud=replace(base.cloud, permissions=(), alarms=True),
    )


def little_known(environment: str = "production") -> Resolved:
    """Nothing is known of the cloud but its provider, and each environment may do something else."""
    base = web(environment)
    arn = f"arn:aws:dynamodb:eu-west-1:111122223333:table/{environment}"
    unknown = cloud(environment, region="", account="", cluster="", state_bucket="", dns_zone="", alarm_topic="")
    may = Permission(("dynamodb:GetItem",), (arn,), ("cloud", "permissions", 0))
    return replace(base, needs=(), secrets=base.secrets[:1], cloud=replace(unknown, permissions=(may,)))


def shown_in_production(environment: str = "production") -> Resolved:
    """Nobody outside reaches it in staging, where no host and no load balancer is looked up."""
    base = replace(web(environment), needs=(), secrets=())
    return base if environment == "production" else replace(base, expose=None)


def _outputs(need: Need, *names: str) -> Need:
    first = next(iter(need.outputs.values()))
    return replace(need, outputs=dict.fromkeys(names, first))
