"""Parts of compose files that reach beyond one service: files beside them, other services, one build for several."""

from __future__ import annotations

import pytest

from importers.accounts import fate_of, spec_of
from importers.round_trip import faults
from svc.importers.check import check
from svc.importers.compose_files import unread
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source, Unreadable

_ENV = """# comment
export A=1
B = "two ${C:-3}"
TOKEN=abcdef0123456789
Q='${raw}'
D=4 # after
not a line
"""


def _files(name: str) -> Source | Unreadable:
    return Source(name, _ENV) if name.endswith("web.env") else unread(name)


def _run(*texts: str) -> Imported:
    made = run([Source(f"deploy/{index}.yaml", text) for index, text in enumerate(texts)], "", _files)
    assert made.diagnostics == ()
    assert faults(made) == []
    return made


def test_variables_of_an_env_file_are_those_of_the_spec() -> None:
    made = _run("services: {web: {image: 'a:1', environment: {A: '9'}, env_file: web.env}}")
    data = spec_of(made, "web")
    assert data["env"] == {"A": "9", "B": "two 3", "Q": "$${raw}", "D": "4"}
    assert data["secrets"] == {"TOKEN": {"from": "web/token"}}
    fate, reason = fate_of(made, "services", "web", "env_file")
    assert (fate, reason) == ("mapped", "its 5 variables; secrets, whose values are left out: TOKEN")
    assert "abcdef" not in made.drafts[0].text()


def test_variables_that_no_process_gets_are_left_out() -> None:
    """Linux gives none that is longer (MAX_ARG_STRLEN), and a spec of a million signs is nobody's."""
    text = "services: {web: {image: 'a:1', environment: {A: 'LONG', B: 'FITS'}, env_file: %s}}"
    text = text.replace("LONG", "9" * 131_072).replace("FITS", "9" * 130_000)
    made = run(
        [Source("a.yaml", text % "c.env")],
        "",
        lambda name: Source(name, "C=d\nD=" + "9" * 1_000_000 + "\nexport E=f\n"),
    )
    data = spec_of(made, "web")
    assert data["env"] == {"B": "9" * 130_000, "C": "d", "E": "f"}
    assert fate_of(made, "services", "web", "environment", "A")[0] == "dropped"
    reason = fate_of(made, "services", "web", "env_file")[1]
    assert reason == "its 3 variables; left out, longer than what a process gets: D"
    assert any("`env.D`" in one and "give it as a file" in one for one in made.drafts[0].missing)


def test_an_env_file_that_is_not_there() -> None:
    made = _run("services: {web: {image: 'a:1', env_file: [{path: other.env, required: false}, {path: other.env}]}}")
    assert fate_of(made, "services", "web", "env_file", 0, "path")[0] == "default"
    assert fate_of(made, "services", "web", "env_file", 1, "path")[0] == "dropped"


def test_secrets_and_configs() -> None:
    made = _run("""
services:
  web:
    build: ./web
    secrets: [db-password, {source: key, target: /etc/key, mode: 0400}]
    configs: [{source: app, target: /etc/app.yaml, mode: 0440}, text, shared, {source: far, target: far.yaml}]
secrets: {db-password: {file: ./pw.txt}, key: {environment: KEY}}
configs: {app: {file: ./web/app.yaml}, text: {content: "a ${X:-b}"}, shared: {external: true}, far: {file: ../far.yaml}}
""")
    data = spec_of(made, "web")
    assert data["secrets"] == {
        "DB_PASSWORD": {"from": "web/db-password", "file": "/run/secrets/db-password"},
        "KEY": {"from": "web/key", "file": "/etc/key"},
    }
    assert data["files"] == {
        "/etc/app.yaml": {"source": "app.yaml", "mode": "0440"},
        "/text": {"content": "a b"},
        "/shared": {"config": "shared", "key": "shared"},
        "/far.yaml": {"source": "far.yaml"},
    }
    assert fate_of(made, "secrets", "db-password", "file")[0] == "dropped"
    assert any("copy ../far.yaml" in one for one in made.drafts[0].missing)


def test_extends_in_the_same_file_and_in_another() -> None:
    made = _run(
        """
services:
  web: {extends: {file: 1.yaml, service: base}, image: 'a:1', environment: {A: mine}, ports: ['80']}
""",
        """
services:
  root: {image: 'r:1', environment: {R: r}, mem_limit: 64m}
  base: {extends: root, environment: {A: base, B: base}}
""",
    )
    data = spec_of(made, "web")
    assert data["env"] == {"R": "r", "A": "mine", "B": "base"}
    assert (data["image"], data["resources"]) == ("a:1", {"limits": {"memory": "64Mi"}})
    assert fate_of(made, "services", "web", "extends")[0] == "default"


@pytest.mark.parametrize("extends", ["web", "{service: none}", "{file: no.yaml, service: a}"])
def test_extends_of_nothing_is_dropped(extends: str) -> None:
    made = _run(f"services: {{web: {{image: 'a:1', extends: {extends}}}}}")
    assert fate_of(made, "services", "web", "extends")[0] == "dropped"


def test_a_need_that_an_extended_service_refers_to_is_rewritten_everywhere() -> None:
    made = _run("""
services:
  base: {image: 'a:1', environment: {DB: 'postgres://u:p@db/x'}}
  web: {extends: base}
  db: {image: 'postgres:16'}
""")
    assert {one.name for one in made.drafts} == {"base", "web"}
    for one in made.drafts:
        assert one.data["env"]["DB"].startswith("postgres://${needs.db.user}")
        assert one.data["needs"]["db"]["type"] == "postgres"
    assert [one.data["needs"]["db"].get("secret") for one in made.drafts] == [None, "base-db"]


_SHARED = """
services:
  web: {build: ., ports: ['3000'], environment: {LEVEL: info, DB: 'postgres://u:p@db/x'}}
  web-mailer:
    build: {context: .}
    command: [bin/mailer]
    environment: {LEVEL: info, DB: 'postgres://u:p@db/x', QUEUE: mail}
    deploy: {replicas: 3}
  cleaner: {build: ., command: [bin/clean], environment: {LEVEL: debug}}
  other: {build: ./other}
  db: {image: 'postgres:16'}
"""


def test_services_of_one_build_are_workers() -> None:
    made = _run(_SHARED)
    assert [one.name for one in made.drafts] == ["web", "other"]
    workers = spec_of(made, "web")["workers"]
    assert workers["mailer"] == {"args": ["bin/mailer"], "env": {"QUEUE": "mail"}, "scale": 3}
    assert workers["cleaner"] == {"args": ["bin/clean"], "env": {"LEVEL": "debug"}, "inherit": False}
    (note,) = [one.note for one in made.entries if one.route == ("services", "web-mailer", "environment", "QUEUE")]
    assert (note.spec, note.to) == ("web", ("workers", "mailer", "env", "QUEUE"))
    objects = {one.name for one in check(made.drafts[0]).objects if one.kind == "Deployment"}
    assert objects == {"web", "web-mailer", "web-cleaner"}


def test_two_services_with_ports_stay_two() -> None:
    made = _run("services: {a: {build: ., ports: ['80']}, b: {build: ., ports: ['81']}, c: {build: .}}")
    assert [one.name for one in made.drafts] == ["a", "b", "c"]
