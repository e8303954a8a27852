"""Score files as people write them: what each part of the specification becomes, and that the values arrive."""

from __future__ import annotations

from typing import Any

import pytest

from importers.imported import among, sound
from svc.importers.check import check, neighbours
from svc.importers.ledger import units
from svc.importers.result import Imported
from svc.importers.run import run
from svc.parse import parse
from svc.source import Source

HEAD = "apiVersion: score.dev/v1b1\nmetadata: {name: shop, tier: front, annotations: {example.com/a: x}}\n"


def _run(*texts: str, files: dict[str, str] | None = None) -> Imported:
    sources = [Source(f"{index}/score.yaml", text) for index, text in enumerate(texts)]
    made = sound(run(sources, "", among(files)))
    keys = [route for one in sources for document in parse(one).documents for route in units(document)]
    assert [one.route for one in made.entries] == keys
    return made


def _spec(body: str, **files: str) -> dict[str, Any]:
    return _run(HEAD + body, files=files).drafts[0].data


def _fates(made: Imported) -> dict[str, str]:
    return {".".join(str(part) for part in one.route): one.note.fate for one in made.entries}


def _variables(variables: str, resources: str) -> dict[str, Any]:
    return _spec(f"containers: {{main: {{image: 'a:1', variables: {{{variables}}}}}}}\nresources: {{{resources}}}\n")


@pytest.mark.parametrize(
    ("type_", "outputs", "need", "text"),
    [
        ("postgres", "host port name username password", {}, "host port name user password"),
        ("postgres-instance", "host username", {}, "host user"),
        ("mysql", "host database username", {}, "host name user"),
        ("mongodb", "connection", {"realise": "in-cluster"}, "url"),
        ("amqp", "host port username", {"realise": "in-cluster"}, "host port user"),
        ("redis", "host port password", {}, "host port password"),
        ("s3", "bucket region", {}, "name region"),
        ("sqs", "url", {}, "url"),
    ],
)
def test_a_resource_that_svc_knows_is_a_need(type_: str, outputs: str, need: dict[str, str], text: str) -> None:
    asked = " ".join(f"${{resources.it.{one}}}" for one in outputs.split())
    spec = _variables(f"A: '{asked}'", f"it: {{type: {type_}}}")
    kinds = {"postgres-instance": "postgres", "amqp": "rabbitmq", "s3": "bucket", "sqs": "queue"}
    kind = kinds.get(type_, type_)
    assert spec["needs"] == {"it": {"type": kind, **need} if need else kind}
    assert spec["env"]["A"] == " ".join(f"${{needs.it.{one}}}" for one in text.split())


def test_outputs_that_are_always_the_same() -> None:
    spec = _variables(
        "R: 'redis://${resources.c.username}@x', V: '${resources.q.vhost}', U: 'amqp://h/${resources.q.vhost}'",
        "c: {type: redis}, q: {type: amqp}",
    )
    assert spec["env"] == {"R": "redis://default@x", "V": "/", "U": "amqp://h/%2F"}


def test_versions_and_sizes_of_needs() -> None:
    spec = _variables(
        "A: '1'", "db: {type: postgres, class: large, params: {version: 17, storage: 50Gi}}, c: {type: redis}"
    )
    assert spec["needs"]["db"] == {"type": "postgres", "version": "17", "storage": "50Gi", "size": "large"}


def test_a_shared_resource_is_the_need_of_one_and_exists_for_the_others() -> None:
    one = HEAD + "containers: {m: {image: 'a:1'}}\nresources: {c: {type: redis, id: main}}\n"
    other = one.replace("name: shop", "name: site").replace("m: {image: 'a:1'}", "m: {image: 'a:2'}")
    shop, site = _run(one, other).drafts
    assert shop.data["needs"] == {"c": "redis"}
    assert site.data["needs"] == {"c": {"type": "redis", "realise": "existing", "secret": "shop-c"}}
    assert any("in whose namespace shop-c is" in one for one in site.missing)


def test_keys_of_a_bucket_are_left_out() -> None:
    made = _run(
        HEAD
        + "containers: {m: {image: 'a:1', variables: {AWS_ACCESS_KEY_ID: '${resources.b.access_key_id}', E: '${resources.b.endpoint}'}}}\n"
        "resources: {b: {type: s3}}\n"
    )
    assert made.drafts[0].data["env"] == {"E": ""}
    assert _fates(made)["containers.m.variables.AWS_ACCESS_KEY_ID"] == "dropped"


@pytest.mark.parametrize("type_", ["kafka-topic", "elasticsearch", "mssql", "Odd"])
def test_what_svc_does_not_know_is_said_with_a_way_out(type_: str) -> None:
    made = _run(
        HEAD
        + f"containers: {{m: {{image: 'a:1', variables: {{B: 'tcp://${{resources.it.host}}', PASSWORD: '${{resources.it.password}}'}}}}}}\n"
        f"resources: {{it: {{type: {type_}, params: {{a: {{b: 1}}}}}}}}\n"
    )
    (draft,) = made.drafts
    assert draft.data["env"] == {"B": "tcp://"}
    assert draft.data["secrets"] == {"PASSWORD": {"from": "shop/password"}}
    assert any("no value is known for ${resources.it.host}" in one for one in draft.missing)
    (said,) = [one.note.reason for one in made.entries if one.route[-1] == "type"]
    assert "under `env`" in said
    assert made.lost


def test_metadata_and_escapes() -> None:
    spec = _variables(
        "N: '${metadata.name}-${metadata.tier}', A: '${metadata.annotations.example\\.com/a}', P: '5$$', L: '$${HOME}', W: '$x ${odd}'",
        "",
    )
    assert spec["env"] == {"N": "shop-front", "A": "x", "P": "5$", "L": "$${HOME}", "W": "$x "}


def test_words_of_a_command_are_the_shells() -> None:
    spec = _spec("containers: {m: {image: 'a:1', command: [sh, -c], args: ['echo $${A} ${B} ${needs.db.url}']}}\n")
    assert spec["args"] == ["echo ${A} ${B} $${needs.db.url}"]
    words = check(_run(HEAD + "containers: {m: {image: 'a:1', args: ['${needs.x.y}']}}\n").drafts[0]).resolved
    assert words is not None
    assert words.workloads[0].main.args == ("${needs.x.y}",)


def test_routes_are_the_exposure() -> None:
    made = _run(
        HEAD
        + """
service: {ports: {web: {port: 80, targetPort: 8080}, admin-interface-of-it: {port: 9000}}}
containers: {m: {image: 'a:1', variables: {SELF: 'https://${resources.name.host}'}}}
resources:
  a: {type: route, params: {path: /, host: '${resources.name.host}', port: web}}
  b: {type: route, params: {path: /admin, host: '${resources.name.host}', port: 9000}}
  c: {type: route, params: {path: /, host: other.example.org, port: web}}
  name: {type: dns}
"""
    )
    (draft,) = made.drafts
    assert draft.data["expose"] == {
        "host": "shop.example.com",
        "paths": ["/", {"path": "/admin", "port": "admin-interface"}],
    }
    assert draft.data["env"] == {"SELF": "https://shop.example.com"}
    assert _fates(made)["resources.c.type"] == "dropped"
    assert any("write yours" in one for one in draft.missing)


def test_one_route_is_said_shortly() -> None:
    spec = _spec("""
service: {ports: {web: {port: 8080}}}
containers: {m: {image: 'a:1'}}
resources: {a: {type: route, params: {path: /api, host: shop.example.org, port: 8080}}}
""")
    assert spec["expose"] == {"host": "shop.example.org", "path": "/api"}


def test_a_port_of_another_workload_is_a_reference() -> None:
    site = (
        HEAD
        + "containers: {m: {image: 'a:1', variables: {API: 'http://${resources.api.hostname}:${resources.api.port}/v1', H: '${resources.api.hostname}'}}}\n"
    )
    site += "resources: {api: {type: service-port, params: {workload: api, port: web}}}\n"
    api = (
        HEAD.replace("name: shop", "name: api")
        + "service: {ports: {web: {port: 8080}}}\ncontainers: {m: {image: 'a:1'}}\n"
    )
    made = _run(site, api)
    assert made.drafts[0].data["env"] == {"API": "http://${services.api.web}/v1", "H": "${services.api.host}"}
    resolved = check(made.drafts[0], neighbours(made.drafts)).resolved
    assert resolved is not None
    assert [one.service for one in resolved.access.outgoing] == ["api"]
    alone = _run(site)
    assert alone.drafts[0].data["env"]["H"] == "api"
    assert alone.drafts[0].data["access"] == {"to": ["api"]}
    assert _fates(alone)["containers.m.variables.API"] == "dropped"


FILES = """
containers:
  m:
    image: .
    files: {files}
service: {{ports: {{web: {{port: 8080}}}}}}
resources: {{db: {{type: postgres}}}}
"""


@pytest.mark.parametrize("listed", [False, True], ids=["mapping", "list"])
def test_files_have_their_content_or_their_source(listed: bool) -> None:
    given: dict[str, str] = {
        "/a": "content: 'I am ${metadata.name}, $$5'",
        "/b": "content: '${x} $$', noExpand: true, mode: '600'",
        "/c": "binaryContent: aGVsbG8=",
        "/d": "source: ./conf/d.txt, mode: '0440'",
        "/e": "source: conf/e.txt",
        "/f": "source: ../far.txt, noExpand: true",
        "/lost": "content: '${resources.db.password}'",
        "/binary": "binaryContent: AAEC/w==",
        "/lines": "content: [a, b]",
    }
    items = [f"{{target: {path}, {one}}}" for path, one in given.items()]
    files = (
        f"[{', '.join(items)}]"
        if listed
        else "{" + ", ".join(f"{path}: {{{one}}}" for path, one in given.items()) + "}"
    )
    made = _run(HEAD + FILES.format(files=files), files={"0/conf/e.txt": "me: ${metadata.name}\n", "0/conf/d.txt": "d"})
    (draft,) = made.drafts
    assert draft.data["files"] == {
        "/a": {"content": "I am shop, $5"},
        "/b": {"content": "${x} $$", "mode": "600"},
        "/c": {"content": "hello"},
        "/d": {"source": "conf/d.txt", "mode": "0440"},
        "/e": {"content": "me: shop\n"},
        "/f": {"source": "far.txt"},
        "/lines": {"content": "a\nb"},
    }
    assert draft.data["build"] == {"dockerfile": "Dockerfile"}
    assert any("copy ../far.txt" in one for one in draft.missing)
    assert any("/lost is left out" in one for one in draft.missing)
    lost = {one.route[3] for one in made.entries if one.note.fate == "dropped" and len(one.route) > 4}
    assert lost == ({6, 7} if listed else {"/lost", "/binary"})


@pytest.mark.parametrize("listed", [False, True], ids=["mapping", "list"])
def test_a_volume_has_the_size_of_its_resource(listed: bool) -> None:
    one = "source: '${resources.data}', path: sub, readOnly: true"
    mounts = f"[{{target: /data, {one}}}]" if listed else f"{{/data: {{{one}}}}}"
    spec = _spec(
        f"containers: {{m: {{image: 'a:1', volumes: {mounts}}}}}\nresources: {{data: {{type: volume, params: {{size: 5Gi}}}}}}\n"
    )
    assert spec["volumes"] == {"/data": {"size": "5Gi", "sub_path": "sub", "read_only": True}}


def test_several_containers_in_order() -> None:
    made = _run(
        HEAD
        + """
containers:
  migrate: {image: 'a:1', args: [migrate], before: {main: {ready: complete}}, volumes: {/data: {source: d}, /x: {source: d}}}
  proxy: {image: 'p:1', before: {main: {ready: healthy}}, readinessProbe: {httpGet: {path: /r, port: 9901}}}
  main: {image: 'a:1', volumes: {/data: {source: d}}}
  beside: {image: 'b:1', variables: {TOKEN: abcdefgh1}, files: {/c: {content: c}}}
resources: {d: {type: volume}}
"""
    )
    data = made.drafts[0].data
    assert data["image"] == "a:1"
    assert data["init"] == {"migrate": {"image": "a:1", "args": ["migrate"], "share": ["/data"]}}
    ready = {"http": {"path": "/r", "port": 9901}}
    assert data["sidecars"]["proxy"] == {"image": "p:1", "health": {"ready": ready, "startup": ready}}
    assert data["sidecars"]["beside"]["secrets"] == {"TOKEN": {"from": "shop/token"}}
    assert _fates(made)["containers.migrate.volumes./x.source"] == "dropped"


def test_probes_are_the_health() -> None:
    spec = _spec("""
service: {ports: {web: {port: 80, targetPort: 8080}}}
containers:
  m:
    image: 'a:1'
    livenessProbe: {httpGet: {path: /live, port: 8080, scheme: HTTP, host: shop.local, httpHeaders: [{name: A, value: b}]}}
    readinessProbe: {exec: {command: [./ready]}, httpGet: {path: /r, port: 1}}
""")
    assert spec["health"] == {
        "live": {"http": {"path": "/live", "headers": {"Host": "shop.local", "A": "b"}}},
        "ready": {"exec": ["./ready"]},
    }


def test_settings_of_other_programs() -> None:
    made = _run("""
apiVersion: score.dev/v1b1
metadata: {name: shop, annotations: {k8s.score.dev/kind: StatefulSet, compose.score.dev/x: '1', a.example/b: c}}
x-more: {a: 1}
containers: {m: {image: 'a:1'}}
resources: {db: {type: postgres, metadata: {annotations: {compose.score.dev/publish-port: '5432'}}}}
""")
    data = made.drafts[0].data
    assert (data["workload"], data["annotations"]) == ("statefulset", {"a.example/b": "c"})
    assert _fates(made)["resources.db.metadata.annotations.compose.score.dev/publish-port"] == "default"
    assert _fates(made)["x-more.a"] == "dropped"


def test_the_older_form_with_properties() -> None:
    spec = _spec("""
containers: {m: {image: 'a:1', variables: {FRIEND: '${resources.env.NAME}', OTHER: '${resources.env.ODD}', S: '${resources.api.name}'}}}
resources:
  env: {type: environment, properties: {NAME: {type: string, default: World}}}
  api: {type: workload}
""")
    assert spec["env"] == {"FRIEND": "World", "OTHER": "", "S": "api"}
