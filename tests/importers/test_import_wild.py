"""Compose files as people write them: each is imported, every key accounted for, and what comes out compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.accounts import fate_of, spec_of
from importers.imported import compose
from importers.round_trip import faults
from svc.cli.main import main
from svc.importers.check import check
from svc.importers.ledger import UNKNOWN, units
from svc.importers.run import run
from svc.parse import parse
from svc.source import Source

FOLDER = Path(__file__).parents[2] / "fixtures" / "import" / "wild"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_key_has_one_fate(path: Path) -> None:
    made = run([Source(path.name, path.read_text("utf-8"))])
    assert made.diagnostics == ()
    counted = [one.route for one in made.entries if one.file == path.name]
    (document,) = parse(Source(path.name, path.read_text("utf-8"))).documents
    assert counted == list(units(document))
    assert all(one.note.reason or one.note.fate == "mapped" for one in made.entries)
    assert faults(made) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_exit_code_says_whether_anything_is_lost(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    assert main(["import", path.name, "--out", str(tmp_path / "a")]) == 0
    lost = "dropped, and why" in capsys.readouterr().out
    assert main(["import", path.name, "--strict", "--out", str(tmp_path / "b")]) == int(lost)


def test_reset_and_override_are_read_as_their_values() -> None:
    made = compose("""
services:
  web: {image: 'a:1', ports: !override ['80'], environment: {A: !reset null, B: "!reset", C: !override 5}}
""")
    data = spec_of(made, "web")
    assert (data["ports"], data["env"]["B"], data["env"]["C"]) == ({"http": 80}, "!reset", "5")
    said = {one.route[2:] for one in made.entries if "takes out what it extends" in one.note.reason}
    assert said == {("ports",), ("environment", "A"), ("environment", "C")}


def test_other_tags_are_refused() -> None:
    made = run([Source("compose.yaml", "services: {web: {image: 'a:1', ports: !reset [], tty: !odd true}}")])
    assert {one.id for one in made.diagnostics} == {"yaml-unknown-tag"}
    made = run([Source("pod.yaml", "apiVersion: v1\nkind: Pod\nspec: !reset {}\n")])
    assert {one.id for one in made.diagnostics} == {"yaml-unknown-tag"}


@pytest.mark.parametrize(
    ("image", "scheme", "kind"), [("mongo:8", "mongodb", "mongodb"), ("rabbitmq:4", "amqp", "rabbitmq")]
)
def test_what_no_cloud_manages_runs_in_the_cluster(image: str, scheme: str, kind: str) -> None:
    made = compose(
        f"services: {{web: {{image: 'a:1', environment: {{U: '{scheme}://u:p@q/x'}}}}, q: {{image: '{image}'}}}}"
    )
    need = spec_of(made, "web")["needs"]["q"]
    assert (need["type"], need["realise"]) == (kind, "in-cluster")
    assert spec_of(made, "web")["env"]["U"].startswith(f"{scheme}://${{needs.q.user}}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_key_that_people_write_has_a_reason_of_its_own(path: Path) -> None:
    made = run([Source(path.name, path.read_text("utf-8"))])
    assert [one.route for one in made.entries if one.note.reason.startswith(UNKNOWN)] == []


def test_override_replaces_what_is_extended() -> None:
    made = compose("""
services:
  base: {image: 'a:1', ports: ['80'], environment: {A: '1'}}
  web: {extends: base, ports: !override ['81'], environment: !reset {}}
""")
    assert spec_of(made, "web")["ports"] == {"http": 81}
    assert "env" not in spec_of(made, "web")
    assert spec_of(made, "base")["ports"] == {"http": 80}


def test_a_stage_of_the_dockerfile_stays() -> None:
    made = compose("services: {web: {build: {context: ., target: prod}}}")
    assert spec_of(made, "web")["build"]["target"] == "prod"
    assert fate_of(made, "services", "web", "build", "target")[0] == "mapped"


def test_an_inline_dockerfile_is_said() -> None:
    made = compose('services: {web: {build: {dockerfile_inline: "FROM scratch"}}}')
    assert fate_of(made, "services", "web", "build", "dockerfile_inline")[0] == "dropped"
    assert any("dockerfile_inline" in one for one in made.drafts[0].missing)


def test_ranges_are_their_ports() -> None:
    made = compose(
        "services: {web: {image: 'a:1', ports: ['7000-7002:9000-9002', '53:53/udp', '53:53'], expose: ['20-21']}}"
    )
    ports = spec_of(made, "web")["ports"].values()
    numbers = [(one, "tcp") if isinstance(one, int) else (one["port"], one["protocol"]) for one in ports]
    assert sorted(numbers) == sorted(
        [(9000, "tcp"), (9001, "tcp"), (9002, "tcp"), (53, "udp"), (53, "tcp"), (20, "tcp"), (21, "tcp")]
    )
    assert made.lost is False


@pytest.mark.parametrize("text", ["1-60000", "9-3", "${PORT}", "web"])
def test_what_is_no_range_is_dropped(text: str) -> None:
    made = compose(f"services: {{web: {{image: 'a:1', ports: ['{text}']}}}}")
    assert fate_of(made, "services", "web", "ports", 0)[0] == "dropped"


def test_a_variable_without_a_default_is_a_loss() -> None:
    made = compose("""
services:
  web: {image: 'a/b:${TAG}', command: [run, '${MODE}', '${LEVEL:-info}'], build: {args: [V, 'W=${W}', 'X=${X:-1}=2']}}
""")
    data = spec_of(made, "web")
    assert (data["image"], data["args"]) == ("a/b", ["run", "", "info"])
    assert data["build"]["args"] == {"V": "", "W": "", "X": "1=2"}
    dropped = {one.route[2:] for one in made.entries if one.note.fate == "dropped"}
    assert dropped == {("image",), ("command", 1), ("build", "args", 0), ("build", "args", 1)}
    assert any("${TAG}" in one for one in made.drafts[0].missing)


def test_an_empty_secret_is_one_of_the_store() -> None:
    made = compose("services: {web: {image: 'a:1', environment: {DB_PASSWORD: '${PW:-}', LEVEL: ''}}}")
    data = spec_of(made, "web")
    assert data["secrets"] == {"DB_PASSWORD": {"from": "web/db-password"}}
    assert data["env"] == {"LEVEL": ""}


def test_long_volumes_are_accounted_for_key_by_key() -> None:
    made = compose("""
services:
  web:
    image: a:1
    volumes:
      - {type: volume, source: d, target: /d, read_only: true, volume: {nocopy: true, subpath: x}}
      - {type: tmpfs, target: /t, tmpfs: {size: 64m}}
""")
    assert spec_of(made, "web")["volumes"] == {
        "/d": {"size": "1Gi", "read_only": True, "sub_path": "x"},
        "/t": {"scratch": "memory", "size": "64Mi"},
    }
    assert made.lost is False


def test_a_profile_is_said() -> None:
    made = compose("services: {tools: {image: 'a:1', profiles: [debug]}}")
    assert fate_of(made, "services", "tools", "profiles")[0] == "dropped"
    assert any("profile debug" in one for one in made.drafts[0].missing)


def test_links_are_access_and_aliases_are_said() -> None:
    made = compose("""
services:
  web: {image: 'a:1', links: ['db:mysql', cache], environment: {DB_HOST: 'mysql'}}
  db: {image: 'mariadb:11'}
  cache: {image: 'redis:7'}
""")
    assert spec_of(made, "web")["access"] == {"to": ["cache", "db"]}
    assert fate_of(made, "services", "web", "links", 0)[0] == "dropped"
    assert spec_of(made, "web")["env"] == {"DB_HOST": "${services.db.host}"}
    assert any("a name that only compose gives" in one for one in made.drafts[0].missing)


def test_what_others_wait_for_is_a_job() -> None:
    made = compose("""
services:
  web: {image: 'a:1', ports: ['80'], depends_on: {init: {condition: service_completed_successfully}}}
  init: {image: 'a:1', command: [migrate], environment: {A: '1'}, healthcheck: {test: 'true'}}
  tool: {image: 't:1', command: [go], profiles: [tools], restart: 'no'}
""")
    assert spec_of(made, "init") == {
        "apiVersion": "svc/v1",
        "name": "init",
        "image": "a:1",
        "workload": "none",
        "env": {"A": "1"},
        "jobs": {"run": {"run": "before-deploy", "args": ["migrate"]}},
    }
    assert spec_of(made, "tool")["jobs"] == {"run": {"run": "manual", "args": ["go"]}}
    assert any("init has to have ended" in one for one in made.drafts[0].missing)
    assert fate_of(made, "services", "init", "healthcheck", "test")[0] == "dropped"
    assert {one.kind for one in check(made.drafts[1]).objects} >= {"Job"}


def test_a_file_beside_it_is_extended() -> None:
    files = {
        "common.yaml": "services: {app: {image: 'a:1', environment: {A: '1'}, shm_size: 1g, extends: {file: x/deep.yaml,"
        " service: deep}}, other: {image: 'o:1'}}\nvolumes: {v: }\n",
        "x/deep.yaml": "services: {deep: {environment: {B: '2'}, user: !reset '5'}}",
    }
    made = compose(
        "services: {web: {extends: {file: ./common.yaml, service: app}, environment: {A: '3'}}}", files=files
    )
    assert [one.name for one in made.drafts] == ["web"]
    data = spec_of(made, "web")
    assert (data["image"], data["env"], data["user"]) == ("a:1", {"B": "2", "A": "3"}, 5)
    listed = {(one.file, one.route): one.note.fate for one in made.entries}
    assert listed["common.yaml", ("services", "app", "shm_size")] == "mapped"
    assert listed["common.yaml", ("services", "app", "extends")] == "default"
    assert listed["common.yaml", ("services", "other", "image")] == "default"
    assert listed["x/deep.yaml", ("services", "deep", "environment", "B")] == "mapped"
    for name, text in files.items():
        (document,) = parse(Source(name, text.replace("!reset", ""))).documents
        assert [route for file, route in listed if file == name] == list(units(document))


def test_files_that_extend_each_other_end() -> None:
    files = {"b.yaml": "services: {b: {extends: {file: compose.yaml, service: a}}}"}
    made = compose("services: {a: {image: 'a:1', extends: {file: b.yaml, service: b}}}", files=files)
    assert [one.name for one in made.drafts] == ["a"]


def test_what_the_policies_will_say_is_announced() -> None:
    made = compose("services: {a: {image: 'a:1', user: '0'}, b: {image: 'a@sha256:%s', user: '5'}}" % ("0" * 64))
    assert [len(one.missing) for one in made.drafts] == [2, 0]
