"""What another service is in the environment that refers to it: its ports, its Service, its namespace, whether it is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc.diagnostics import Severity
from svc.pipeline import Compiled, Request, compile_
from svc.records import fields, replace
from svc.resolve.context import Facts, Neighbour
from svc.resolve.types.process import Literal_, Port
from svc.resolve.types.whole import Resolved
from svc.stages.traced import of_neighbour

HEAD = "apiVersion: svc/v1\nname: {name}\nimage: ghcr.io/acme/{name}:1.4.2@sha256:" + "a" * 64 + "\n"
SIDECAR = "sidecars: {proxy: {image: 'ghcr.io/acme/p:1.0.0@sha256:" + "b" * 64 + "', ports: %s}}\n"
WORKSPACE = 'apiVersion: svc/v1\nservices: ["*/service.yaml"]\n'
BOTH = "environments: {dev: {}, live: {}}\n"


def compiled(folder: Path, more: str = BOTH, only: str = "", **specs: str) -> Compiled:
    (folder / "svc-workspace.yaml").write_text(WORKSPACE + more, "utf-8")
    for name, text in specs.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(HEAD.format(name=name) + text, "utf-8")
    asked = folder / only / "service.yaml" if only else folder
    return compile_(Request((asked,), Path.as_posix, date(2026, 11, 29), targets=("helm", "compose")))


def each(made: Compiled, name: str) -> dict[str, Resolved]:
    assert not made.failed, made.diagnostics
    unit = next(one for one in made.units if one.name == name)
    return {one.environment: one for one in (*unit.environments, unit.local)}


def variable(one: Resolved, name: str) -> str:
    assert one.server is not None
    value = next(found.value for found in one.server.main.env if found.name == name)
    assert isinstance(value, Literal_)
    return value.text


def said(made: Compiled, id_: str) -> set[tuple[str, str]]:
    return {(one.message, one.help) for one in made.diagnostics if one.id == id_}


SHOP = "ports: {web: 8080}\nenvironments: {live: {ports: {web: {port: 8443, protocol: https, service: 443}}}, local: {ports: {web: 3000}}}\n"
REFERS = "env: {SHOP: '${services.shop.web.url}'}\n"


def test_a_reference_is_what_the_other_service_has_in_that_environment(tmp_path: Path) -> None:
    found = each(compiled(tmp_path, shop=SHOP, ops=REFERS), "ops")
    assert {name: variable(one, "SHOP") for name, one in found.items()} == {
        "dev": "http://shop.shop:8080",
        "live": "https://shop.shop:443",
        "local": "http://shop:3000",
    }
    ways = {name: [peer.ports for peer in one.access.outgoing] for name, one in found.items()}
    assert ways == {"dev": [((8080, "TCP"),)], "live": [((8443, "TCP"),)], "local": [((3000, "TCP"),)]}


def test_what_is_spoken_on_a_port_is_that_of_the_environment(tmp_path: Path) -> None:
    shop = "ports: {web: {port: 53, protocol: tcp}}\nenvironments: {live: {ports: {web: {protocol: udp}}}}\n"
    found = each(compiled(tmp_path, shop=shop, ops="env: {SHOP: '${services.shop.web}'}\n"), "ops")
    assert {name: one.access.outgoing[-1].ports for name, one in found.items()} == {
        "dev": ((53, "TCP"),),
        "live": ((53, "UDP"),),
        "local": ((53, "TCP"),),
    }


EXTRA = "ports: {web: 8080}\nenvironments: {live: {ports: {extra: 8090}}}\n"


def test_a_port_that_is_there_in_one_environment_can_be_referred_to_in_it(tmp_path: Path) -> None:
    ops = "environments: {live: {env: {EXTRA: '${services.shop.extra.url}'}}}\n"
    found = each(compiled(tmp_path, shop=EXTRA, ops=ops), "ops")
    assert variable(found["live"], "EXTRA") == "http://shop.shop:8090"


def test_elsewhere_it_is_said_where_the_port_is(tmp_path: Path) -> None:
    ops = "env: {EXTRA: '${services.shop.extra.url}'}\n"
    assert said(compiled(tmp_path, shop=EXTRA, ops=ops), "reference-unknown") == {
        (
            "`shop` has no port `extra` in dev; it has web there",
            "it has one in live: write what refers to it below `environments`, or give `shop` the port in dev too",
        )
    }


def test_a_port_that_is_nowhere_is_said_once(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop=EXTRA, ops="env: {A: '${services.shop.wub}'}\n")
    assert len(said(made, "reference-unknown")) == 2, "the ports that it has differ"
    (tmp_path / "b").mkdir()
    made = compiled(tmp_path / "b", shop="ports: {web: 8080}\n", ops="env: {A: '${services.shop.wub}'}\n")
    assert said(made, "reference-unknown") == {("`shop` has no port `wub`; it has web; did you mean `web`?", "")}


def test_what_is_missing_on_the_developers_machine_alone_is_said_too(tmp_path: Path) -> None:
    shop = "ports: {web: 8080, extra: 8090}\nenvironments: {local: {ports: {extra: null}}}\n"
    made = compiled(tmp_path, shop=shop, ops="env: {EXTRA: '${services.shop.extra.url}'}\n")
    assert {one for one, _ in said(made, "reference-unknown")} == {
        "`shop` has no port `extra` in local; it has web there"
    }


LATE = "environments: {live: {ports: {web: 8080}}, dev: {ports: {web: 8080}}}\n"


@pytest.mark.parametrize(
    ("more", "own", "wrong"),
    [
        ("targets: [helm, compose]\n", "", True),
        ("targets: [helm, github]\n", "", False),
        ("", "own: [compose]\n", False),
        ("", "own: [terraform]\n", True),
    ],
)
def test_the_developers_machine_is_asked_only_where_something_is_made_for_it(
    tmp_path: Path, more: str, own: str, wrong: bool
) -> None:
    made = compiled(tmp_path, BOTH + more, shop=LATE, ops=REFERS + own)
    assert {one for one, _ in said(made, "reference-unknown")} == (
        {"`shop` has no port `web` in local; it has none there"} if wrong else set()
    )
    assert made.failed is wrong


def test_a_port_of_a_sidecar_that_the_service_has_is_referred_to(tmp_path: Path) -> None:
    shop = "ports: {fpm: {port: 9000, protocol: tcp}}\nexpose: {host: a.example.com, port: http}\n"
    made = compiled(
        tmp_path, shop=shop + SIDECAR % "{http: 8080, admin: 8081}", ops="env: {A: '${services.shop.http.url}'}\n"
    )
    assert variable(each(made, "ops")["live"], "A") == "http://shop.shop:8080"
    inside = next(peer for peer in each(made, "shop")["live"].access.incoming if peer.namespace == "shop")
    assert inside.ports == ((9000, "TCP"), (8080, "TCP"))


GONE = (
    "ports: {web: 8080}\nenvironments: {dev: {workload: none, ports: null, jobs: {a: {run: manual, command: [./a]}}}}\n"
)


def test_a_name_that_nothing_answers_to_is_said(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop=GONE, ops="env: {HOST: '${services.shop.host}'}\n")
    assert not made.failed, made.diagnostics
    (found,) = said(made, "reference-unanswered")
    assert found[0] == "`shop` has no Service in dev: nothing answers to its name"


MEASURED = SIDECAR % "{stats: 9113}" + "observe: {metrics: {port: stats}}\n"


@pytest.mark.parametrize(
    "shop",
    [
        "",
        MEASURED,
        MEASURED + "service: {type: LoadBalancer}\n",
        SIDECAR % "{stats: 9113}",
        "workload: statefulset\n",
        "volumes: {/data: {size: 1Gi}}\n",
        "volumes: {/data: {size: 1Gi, access: once-pod}}\n",
        "volumes: {/data: {size: 1Gi, access: many}}\n",
        "volumes: {/data: {scratch: disk}}\n",
        "volumes: {/data: {claim: data}}\n",
        "workload: none\njobs: {a: {run: manual, command: [./a]}}\nvolumes: {/data: {size: 1Gi, access: many}}\n",
    ],
)
def test_nothing_answers_where_the_chart_has_no_service(tmp_path: Path, shop: str) -> None:
    """As the chart itself says."""
    made = compiled(tmp_path, shop=shop, ops="env: {HOST: '${services.shop.host}'}\n")
    assert not made.failed, made.diagnostics
    chart = [one.text for one in made.outputs if one.path.startswith("shop/chart/templates/")]
    assert any("\nkind: Service\n" in text for text in chart) is not bool(said(made, "reference-unanswered"))


APART = "environments: {dev: {}, live: {}}\n"


def test_a_service_that_is_not_made_for_an_environment_is_said_and_where_it_would_be(tmp_path: Path) -> None:
    shop = "ports: {web: 8080}\nnamespace: market\nenvironments: {live: {ports: {web: 8081}}}\n"
    made = compiled(tmp_path, "", shop=shop, ops=APART + REFERS)
    found = {name: variable(one, "SHOP") for name, one in each(made, "ops").items()}
    assert found == {"dev": "http://shop.market:8081", "live": "http://shop.market:8081", "local": "http://shop:8080"}
    (only,) = [one for one in made.diagnostics if one.id == "reference-elsewhere"]
    assert only.severity is Severity.WARNING
    assert only.message == "`shop` is not made for dev, where this refers to it; it is made for live"


def test_the_environments_of_the_workspace_are_those_of_all(tmp_path: Path) -> None:
    assert not said(compiled(tmp_path, shop=SHOP, ops=REFERS), "reference-elsewhere")


def test_a_spec_that_is_wrong_in_one_environment_is_one_cause(tmp_path: Path) -> None:
    shop = "ports: {web: 8080}\nenvironments: {live: {ports: {web: 99999}}}\n"
    made = compiled(tmp_path, shop=shop, ops=REFERS)
    assert [one.id for one in made.diagnostics] == ["invalid-value"]


def test_that_of_a_spec_which_is_not_compiled_is_said(tmp_path: Path) -> None:
    shop = "ports: {web: 8080}\nenvironments: {live: {ports: {web: 99999}}}\n"
    made = compiled(tmp_path, only="ops", shop=shop, ops=REFERS)
    assert {one for one, _ in said(made, "reference-unknown")} == {
        "the spec of `shop` is wrong, so its ports are not known"
    }


@pytest.mark.parametrize(
    ("key", "dev"),
    [
        ("namespace: shop-${environment.name}", "shop-dev"),
        ("team: market\nnamespace: '${service.team}-${environment.name}'", "market-dev"),
        ("namespace: '${service.name}-x'", "shop-x"),
    ],
)
def test_a_namespace_is_made_of_what_the_environment_says(tmp_path: Path, key: str, dev: str) -> None:
    more = f"{key}\nports: {{web: 8080}}\nenv: {{NS: '${{environment.namespace}}'}}\n"
    made = compiled(tmp_path, shop=more, ops=REFERS)
    one = each(made, "shop")["dev"]
    assert one.namespace == dev
    assert variable(one, "NS") == dev
    assert variable(each(made, "ops")["dev"], "SHOP") == f"http://shop.{dev}:8080"
    assert not made.faults


def test_a_namespace_made_of_itself_is_refused(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop="namespace: a-${environment.namespace}\nports: {web: 8080}\n")
    assert {one.split(";")[0] for one, _ in said(made, "reference-unknown")} == {
        "${environment.namespace} has no value in this environment"
    }


FACTS = """\
environments:
  dev: {account: "123456789012", region: eu-west-1, cluster: a, domain: a.example.com}
  live: {account: "123456789012", region: eu-west-1, cluster: b, domain: b.example.com}
"""


def test_what_only_environments_have_is_nothing_wrong_on_the_developers_machine(tmp_path: Path) -> None:
    cloud = "cloud: {account: '${environment.account}', region: '${environment.region}', cluster: '${environment.cluster}'}\n"
    env = "env: {A: '${environment.domain}', B: '${environment.region}'}\nexpose: {host: 'a.${environment.domain}'}\n"
    found = each(compiled(tmp_path, FACTS, shop=f"ports: {{web: 8080}}\n{cloud}{env}"), "shop")
    assert {name: variable(one, "A") for name, one in found.items()} == {
        "dev": "a.example.com",
        "live": "b.example.com",
        "local": "localhost.localdomain",
    }
    assert variable(found["local"], "B") == "us-east-1"
    assert found["live"].cloud.cluster == "b"


def test_a_fact_that_is_missing_is_one_cause(tmp_path: Path) -> None:
    more = f"{BOTH}defaults: {{namespace: '${{service.team}}-${{environment.name}}'}}\n"
    made = compiled(tmp_path, more, shop="ports: {web: 8080}\n")
    assert {one.id for one in made.diagnostics} == {"reference-unknown"}


def test_a_name_that_an_environment_gives_is_said_once(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop="environments: {dev: {name: shop-dev}}\n")
    assert [(one.id, one.place.route) for one in made.diagnostics] == [
        ("environment-renames", ("environments", "dev", "name"))
    ]


def test_a_name_is_the_same_in_every_environment(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop="ports: {web: 8080}\n")
    assert not made.failed
    file = tmp_path / "shop" / "service.yaml"
    file.write_text(file.read_text("utf-8").replace("name: shop", "name: shop-${environment.name}"), "utf-8")
    again = compile_(Request((tmp_path,), Path.as_posix, date(2026, 11, 29)))
    assert [(one.id, one.place.route) for one in again.diagnostics] == [("environment-renames", ("name",))]


PORT = Port("a", 1, 1, "http")
THERE = Facts("a", (PORT,), frozenset({"a", "b"}))
OTHERS: dict[str, Any] = {"namespace": "b", "ports": (), "closed": frozenset({"a"}), "served": False, "broken": "said"}
WHOLE: dict[str, Any] = {"name": "b", "there": {"live": THERE}, "broken": "apart", "made_of": ("x",)}


def test_all_that_is_known_of_a_neighbour_is_told_apart() -> None:
    """Or else an incremental run would not make those again who looked at it."""
    one = Neighbour("shop", {"dev": THERE, "live": THERE})
    assert set(OTHERS) == {field.name for field in fields(Facts)}
    assert set(WHOLE) == {field.name for field in fields(Neighbour)}
    others = [
        replace(one, there={**one.there, "live": replace(THERE, **{key: other})}) for key, other in OTHERS.items()
    ]
    others += [replace(one, **{key: other}) for key, other in WHOLE.items()]
    others.append(replace(one, there={"live": THERE, "dev": THERE}))
    assert len({of_neighbour(other) for other in (one, *others)}) == len(others) + 1
    again = replace(one, there={name: replace(THERE, closed=frozenset({"b", "a"})) for name in one.there})
    assert of_neighbour(again) == of_neighbour(one)
