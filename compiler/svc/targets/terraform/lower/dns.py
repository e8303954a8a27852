"""Names in Route 53 for the hosts of `expose`, and a certificate where a load balancer of the cloud ends TLS."""

from __future__ import annotations

from svc.resolve.types.whole import Resolved
from svc.targets.terraform.build import Nested, data, ex, output, resource, shared
from svc.targets.terraform.scene import UNSET, Input, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

AT = ("expose",)
_OPTIONS = "flatten(aws_acm_certificate.this[*].domain_validation_options)"


def lower(scene: Scene) -> Part:
    if not any(_hosts(one) for one in scene.environments):
        return Part()
    counted = not all(_hosts(one) for one in scene.environments)
    certificate = _certificate(counted) if any(_in_cloud(one) for one in scene.environments) else Part()
    return merged((Part({"dns.tf": _blocks(counted)}, _inputs(scene)), certificate))


@shared
def _blocks(counted: bool) -> tuple[Block, ...]:
    """`counted`: an environment has no hosts of ours."""
    condition: dict[str, Value] = {"count": ex("length(var.hosts) > 0 ? 1 : 0")} if counted else {}
    which = "[0]" if counted else ""
    balancer = f"data.aws_lb.ingress{which}"
    dual = (
        '!contains(data.aws_lb.ingress[*].ip_address_type, "ipv4")'
        if counted
        else f'{balancer}.ip_address_type != "ipv4"'
    )
    ipv6 = f"{{ for host in var.hosts : host => host if {dual} }}"
    return (
        data("aws_route53_zone", "this", {**condition, "name": ex("var.dns_zone")}, AT),
        data("aws_lb", "ingress", {**condition, "arn": ex("var.ingress_load_balancer_arn")}, AT),
        resource("aws_route53_record", "host", _record("A", "var.hosts", balancer, counted), AT),
        resource("aws_route53_record", "host_ipv6", _record("AAAA", ipv6, balancer, counted), AT),
    )


def _record(type_: str, hosts: str, balancer: str, counted: bool) -> dict[str, Value | Nested]:
    return {
        "for_each": ex(hosts),
        "zone_id": _zone(counted),
        "name": ex("each.value"),
        "type": type_,
        "alias": Nested(
            {
                "name": ex(f"{balancer}.dns_name"),
                "zone_id": ex(f"{balancer}.zone_id"),
                "evaluate_target_health": True,
            }
        ),
    }


def _zone(counted: bool) -> Value:
    return ex(f"data.aws_route53_zone.this{'[0]' if counted else ''}.zone_id")


def _hosts(one: Resolved) -> list[str]:
    """Hosts within the zone that we know; a wildcard or a name elsewhere is not ours to write."""
    if one.expose is None or not one.cloud.dns_zone:
        return []
    zone = one.cloud.dns_zone.rstrip(".")
    return sorted(host for host in one.expose.hosts if host == zone or host.endswith(f".{zone}"))


def _inputs(scene: Scene) -> tuple[Input, ...]:
    return (
        Input(
            "hosts",
            "set(string)",
            "Host names that lead to the service.",
            check=(
                'alltrue([for host in var.hosts : can(regex("^([a-z0-9_-]+\\\\.)+[a-z0-9-]+$", host))])',
                "Every host must be a DNS name.",
            ),
            values={one.environment: _hosts(one) for one in scene.environments},
            at=AT,
        ),
        Input(
            "dns_zone",
            "string",
            "Route 53 zone of the hosts.",
            check=(
                'length(var.hosts) == 0 || can(regex("^([a-z0-9_-]+\\\\.)+[a-z0-9-]+\\\\.?$", var.dns_zone))',
                "Hosts need the name of their zone.",
            ),
            values={one.environment: one.cloud.dns_zone if _hosts(one) else None for one in scene.environments},
            at=("cloud",),
        ),
        Input(
            "ingress_load_balancer_arn",
            "string",
            "Load balancer of the platform that traffic from outside comes through.",
            check=(
                'length(var.hosts) == 0 || can(regex("^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/[A-Za-z0-9/-]+$", var.ingress_load_balancer_arn))',
                "Hosts need the ARN of a load balancer.",
            ),
            values={one.environment: UNSET if _hosts(one) else None for one in scene.environments},
            at=AT,
        ),
    )


def _in_cloud(one: Resolved) -> bool:
    """Whether TLS ends at a load balancer of the cloud; elsewhere the cluster makes its own certificates."""
    exposed = one.expose
    return bool(
        exposed and exposed.tls and _hosts(one) and (exposed.via == "load-balancer" or exposed.class_name == "alb")
    )


@shared
def _certificate(counted: bool) -> Part:
    certificate = {
        "count": ex("length(var.hosts) > 0 ? 1 : 0"),
        "domain_name": ex("sort(var.hosts)[0]"),
        "subject_alternative_names": ex("slice(sort(var.hosts), 1, length(var.hosts))"),
        "validation_method": "DNS",
        "lifecycle": Nested({"create_before_destroy": True}),
    }
    option = "local.certificate_options[each.value]"
    proof = {
        "for_each": ex("var.hosts"),
        "zone_id": _zone(counted),
        "name": ex(f"{option}.resource_record_name"),
        "type": ex(f"{option}.resource_record_type"),
        "records": [ex(f"{option}.resource_record_value")],
        "ttl": 300,
        "allow_overwrite": True,
    }
    validation = {
        "count": ex("length(var.hosts) > 0 ? 1 : 0"),
        "certificate_arn": ex("aws_acm_certificate.this[0].arn"),
        "validation_record_fqdns": ex("[for record in aws_route53_record.certificate : record.fqdn]"),
    }
    blocks: tuple[Block, ...] = (
        resource("aws_acm_certificate", "this", certificate, AT),
        resource("aws_route53_record", "certificate", proof, AT),
        resource("aws_acm_certificate_validation", "this", validation, AT),
    )
    arn = ex("one(aws_acm_certificate_validation.this[*].certificate_arn)")
    return Part(
        {"certificate.tf": blocks},
        outputs=(output("certificate_arn", "Certificate of the hosts.", arn, AT),),
        locals={"certificate_options": ex(f"{{ for option in {_OPTIONS} : option.domain_name => option }}")},
    )
