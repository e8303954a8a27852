"""What an import changes without a key that says so is said; names, accounts and secrets that are common stay so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from importers.accounts import fate_of, spec_of
from importers.round_trip import faults
from svc.emit import emit
from svc.importers.compose_files import unread
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source, Unreadable


def _compose(text: str, files: dict[str, str] | None = None) -> Imported:
    def reader(name: str) -> Source | Unreadable:
        return Source(name, files[name]) if files and name in files else unread(name)

    return _sound(run([Source("compose.yaml", text)], "", reader))


def _kubernetes(*objects: dict[str, object]) -> Imported:
    return _sound(run([Source("all.yaml", "---\n".join(emit(one).text for one in objects))]))


def _sound(made: Imported) -> Imported:
    assert made.diagnostics == ()
    assert faults(made) == []
    return made


def _deployment(name: str, app: str, **pod: object) -> dict[str, object]:
    labels = {"app": app, "version": name}
    inside = {"containers": [{"name": "a", "image": "a:1", "ports": [{"containerPort": 8080}]}], **pod}
    template = {"metadata": {"labels": labels}, "spec": inside}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _service(name: str, app: str) -> dict[str, object]:
    spec = {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _account(name: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


def test_compose_says_what_is_hardened() -> None:
    made = _compose(
        "services: {web: {image: 'a:1'}, own: {image: 'a:1', user: '5', read_only: false}}",
    )
    web, own = made.drafts
    assert "`user`: the file names none; the process runs as 10001" in web.missing
    assert any("root file system is read-only" in one for one in web.added)
    assert not any("`user`" in one for one in own.missing)
    assert not any("root file system" in one for one in own.added)


def test_score_says_what_is_hardened() -> None:
    score = "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainers: {main: {image: 'a:1'}}\n"
    (draft,) = _sound(run([Source("score.yaml", score)])).drafts
    assert "`user`: Score names none; the process runs as 10001" in draft.missing
    assert any("root file system is read-only" in one for one in draft.added)


def test_what_is_to_be_a_secret_is_one() -> None:
    """Weak values and words that stand for the real one, too: a spec has no place for the real one but the store."""
    made = _compose(
        "services: {web: {image: 'a:1', env_file: web.env, environment: {SALT: mysalt, REDIS_AUTH: '${REDIS_AUTH:-weak}',"
        " ENCRYPTION_KEY: '0000000000000000', APP_KEY: '${APP_KEY}', AUTH_URL: 'http://a', TOKEN_TTL: '5',"
        " SECRET_KEY: 'true', COOKIE_KEY: '7', SESSION_KEY: <fill-in>}}}",
        {"web.env": "SECRET_KEY_BASE=replace_with_lengthy_secure_hex\nJWT_KEY=\n"},
    )
    data = spec_of(made, "web")
    names = {"SECRET_KEY_BASE", "JWT_KEY", "SALT", "REDIS_AUTH", "ENCRYPTION_KEY", "APP_KEY", "SESSION_KEY"}
    assert set(data["secrets"]) == names
    assert set(data["env"]) == {"AUTH_URL", "TOKEN_TTL", "SECRET_KEY", "COOKIE_KEY"}
    env = [{"name": "SALT", "value": "mysalt"}, {"name": "A_SALT", "value": "$(SALT)"}]
    pod = {"containers": [{"name": "a", "image": "a:1", "env": env}]}
    kubernetes = spec_of(_kubernetes(_deployment("web", "web", **pod)), "web")
    assert (set(kubernetes["secrets"]), set(kubernetes["env"])) == ({"SALT"}, {"A_SALT"})


def test_a_secret_in_a_command_is_one_of_the_store() -> None:
    made = _compose(
        "services: {a: {image: 'r:1', command: 'redis-server --requirepass ${REDIS_AUTH:-weak1}'},"
        " b: {image: 'r:1', command: [sh, -c, 'serve $DB_PASSWORD $LEVEL'], environment: {DB_PASSWORD: x1y2z3}},"
        " c: {image: 'r:1', command: [sh, -c, 'serve $$DB_PASSWORD']}}"
    )
    assert spec_of(made, "a")["args"] == ["redis-server", "--requirepass", "${secrets.REDIS_AUTH}"]
    assert spec_of(made, "a")["secrets"] == {"REDIS_AUTH": {"from": "a/redis-auth"}}
    assert fate_of(made, "services", "a", "command") == ("mapped", "with REDIS_AUTH of the secret store")
    assert spec_of(made, "b")["args"][2] == "serve ${secrets.DB_PASSWORD} "
    assert fate_of(made, "services", "b", "command", 2)[0] == "dropped"
    assert spec_of(made, "c")["args"][2] == "serve $DB_PASSWORD"
    assert "secrets" not in spec_of(made, "c")


def test_an_option_of_redis_is_no_word_of_a_spec() -> None:
    from svc.report.mask import without_secrets

    made = _compose("services: {a: {image: 'r:1', command: [redis-server, --requirepass, hunter2a]}}")
    assert "hunter2a" not in without_secrets(made.drafts[0].text())[0]


def test_no_password_of_a_command_stays_in_a_spec() -> None:
    from svc.report.mask import TO_BE_REPLACED, without_secrets

    compose = _compose(
        "services: {a: {image: 'a:1', command: [run, '--pw=s3cretPassw0rd!', --pass, s3cretPassw0rd!],"
        " healthcheck: {test: [CMD, curl, -u, 'admin:s3cretPassw0rd!', http://b/x]}},"
        " b: {image: 'b:1', command: mysqld_safe --x, healthcheck: {test: [CMD, mysqladmin, ping, -uroot, -ps3cretPassw0rd!]}}}"
    )
    pod = {
        "containers": [
            {
                "name": "a", "image": "a:1", "args": ["-password", "s3cretPassw0rd!"],
                "livenessProbe": {"exec": {"command": ["redis-cli", "-a", "s3cretPassw0rd!", "ping"]}},
            }
        ]
    }  # fmt: skip
    drafts = [*compose.drafts, *_kubernetes(_deployment("web", "web", **pod)).drafts]
    texts = [without_secrets(one.text())[0] for one in drafts]
    assert not [text for text in texts if "s3cret" in text]
    assert [text.count(TO_BE_REPLACED) for text in texts] == [3, 1, 2]


def test_one_secret_of_several_services_has_one_path_and_one_owner() -> None:
    made = _compose(
        "services: {db: {image: 'd:1', environment: {POSTGRES_PASSWORD: '${DB_PASSWORD}', OWN: '1'}},"
        " web: {image: 'a:1', env_file: .env, environment: {API_TOKEN: abcdef123456, DB_PASS: '${OTHER_PASS:-secret9}'}},"
        " mail: {image: 'a:1', env_file: .env, environment: {API_TOKEN: abcdef123456, PASSWORD: secret9, X_TOKEN: fedcba654321}}}",
        {".env": "DB_PASSWORD=hunter22aa\n"},
    )
    db, web, mail = (spec_of(made, name)["secrets"] for name in ("db", "web", "mail"))
    assert db["POSTGRES_PASSWORD"] == {"from": "db/postgres-password"}
    theirs = {"secret": "db-secrets", "key": "POSTGRES_PASSWORD"}
    assert (web["DB_PASSWORD"], mail["DB_PASSWORD"]) == (theirs, theirs)
    assert (mail["API_TOKEN"], mail["PASSWORD"]) == (
        {"secret": "web-secrets"},
        {"from": "mail/password"},
    )
    assert mail["X_TOKEN"] == {"from": "mail/x-token"}
    (said,) = [one for one in made.drafts[1].added if one.startswith("secrets:")]
    assert said == "secrets: DB_PASSWORD is read from the Secret db-secrets of db: the same in the file"


def test_specs_that_share_a_secret_make_it_once(tmp_path: Path) -> None:
    from svc.pipeline import Request, compile_

    service = f"{{image: 'a@sha256:{'1d' * 32}', environment: {{DB_PASSWORD: '${{DB_PASSWORD}}', DB_PASS: '${{DB_PASSWORD}}'}}}}"
    made = _compose(f"services: {{web: {service}, worker: {service}}}")
    theirs = {"secret": "web-secrets"}
    assert spec_of(made, "worker")["secrets"] == {"DB_PASSWORD": theirs, "DB_PASS": {**theirs, "key": "DB_PASSWORD"}}
    assert {one["from"] for one in spec_of(made, "web")["secrets"].values()} == {"web/db-password"}
    for one in made.drafts:
        (tmp_path / one.name).mkdir()
        (tmp_path / one.name / "service.yaml").write_text(one.text())
    compiled = compile_(Request(paths=(tmp_path,), shown=lambda path: path.name, today=date(2026, 1, 1)))
    assert "secret-path-shared" not in {one.id for one in compiled.diagnostics}
    texts = [one.text for one in compiled.outputs if one.path.endswith(".tf")]
    assert "".join(texts).count('resource "aws_secretsmanager_secret" ') == 1


def test_needs_of_one_user_have_the_variables_that_are_called_like_their_addresses() -> None:
    made = _compose("""
services:
  web:
    image: a:1
    environment:
      DB_HOST: db
      DB_USER: shop
      DB_PASS: shop
      DB_NAME: shop
      MQ_HOST: queue
      MQ_USER: shop
      MQ_PASS: shop
  db: {image: 'postgres:17', environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: shop, POSTGRES_DB: shop}}
  queue: {image: 'rabbitmq:4', environment: {RABBITMQ_DEFAULT_USER: shop, RABBITMQ_DEFAULT_PASS: shop}}
""")
    env = spec_of(made, "web")["env"]
    assert {name: value.split(".")[1:] for name, value in env.items()} == {
        "DB_HOST": ["db", "host}"],
        "DB_USER": ["db", "user}"],
        "DB_PASS": ["db", "password}"],
        "DB_NAME": ["db", "name}"],
        "MQ_HOST": ["queue", "host}"],
        "MQ_USER": ["queue", "user}"],
        "MQ_PASS": ["queue", "password}"],
    }


def test_what_a_need_does_itself_is_no_loss() -> None:
    made = _compose("""
services:
  web: {image: 'a:1', environment: {REDIS_URL: 'redis://:pw@cache:6379'}}
  cache:
    image: redis:8
    command: [redis-server, --requirepass, '${REDIS_PASSWORD:?set it}', --appendonly, 'yes']
    environment: {REDIS_PASSWORD: $REDIS_PASSWORD, REDISCLI_AUTH: $REDIS_PASSWORD}
    security_opt: ['no-new-privileges:true']
""")
    assert not made.lost


def test_the_usual_grace_is_not_repeated() -> None:
    made = _compose("services: {a: {image: 'a:1', stop_grace_period: 30s}, b: {image: 'a:1', stop_grace_period: 31s}}")
    assert "rollout" not in spec_of(made, "a")
    assert fate_of(made, "services", "a", "stop_grace_period")[0] == "default"
    assert spec_of(made, "b")["rollout"] == {"grace": "31s"}


def test_what_is_the_same_of_all_parts_of_a_key_is_said_once() -> None:
    from svc.importers.report import text

    made = _compose("""
services:
  web:
    image: a:1
    env_file: [gone.env]
    healthcheck: {test: [CMD, a, b, c], interval: 5s}
    volumes: [{type: bind, source: ./a, target: /a}]
    security_opt: ['label:a', 'label:b']
    cap_drop: [ALL]
""")
    lines = text(made).split("\n")
    assert sum("env_file" in line for line in lines) == 1
    assert "  compose.yaml:6 services.web.healthcheck.test -> web: health.exec" in lines
    assert not any("healthcheck.test[" in line or line.endswith(" services.web") for line in lines)
    folder = "a folder of the developer's machine; write files into `files`, sources into the image"
    assert f"  compose.yaml:7 services.web.volumes: {folder}" in lines
    assert sum("services.web.security_opt" in line for line in lines) == 1
    assert lines[0].startswith(f"compose: {len(made.entries)} keys: ")


def test_a_setting_of_redis_is_a_loss() -> None:
    made = _compose("""
services:
  web: {image: 'a:1', environment: {REDIS_URL: 'redis://:pw@cache:6379'}}
  cache: {image: 'redis:8', command: redis-server --maxmemory 100mb}
""")
    assert fate_of(made, "services", "cache", "command")[0] == "dropped"


def test_words_that_stand_for_several_secrets_make_them_no_single_one() -> None:
    made = _compose(
        "services: {a: {image: 'a:1', environment: {COOKIE_SECRET: changeme, CSRF_SECRET: changeme, PASS: changeme, PWD: changeme}},"
        " b: {image: 'b:1', environment: {API_TOKEN: changeme, COOKIE_SECRET: changeme}}}"
    )
    a, b = (spec_of(made, name)["secrets"] for name in "ab")
    assert len({one["from"] for one in a.values()}) == 4
    assert b == {"API_TOKEN": {"from": "b/api-token"}, "COOKIE_SECRET": {"secret": "a-secrets"}}


def test_a_secret_that_is_a_word_of_the_report_leaves_it_readable() -> None:
    from svc.importers.report import text
    from svc.report.mask import hidden, words_of

    made = _compose("services: {a: {image: 'a:1', environment: {A_PASSWORD: secret, B_PASSWORD: hunter2a}}}")
    known = words_of(made.sources)
    told = text(made, lambda said: hidden(said, known))
    assert "secrets.A_PASSWORD: a secret's value never stands in a spec" in told
    assert "hunter2a" not in hidden("it is hunter2a", known)


def test_what_ends_by_itself_is_said() -> None:
    made = _compose(
        "services: {job: {image: 'a:1', restart: on-failure}, web: {image: 'a:1', restart: 'no', ports: ['80']},"
        " always: {image: 'a:1', restart: always}}"
    )
    said = {one.name for one in made.drafts if any("make it one of `jobs`" in text for text in one.missing)}
    assert said == {"job"}


def test_a_volume_that_may_be_written_to_says_nothing_of_it() -> None:
    made = _compose(
        "services: {a: {image: 'a:1', volumes: [{type: volume, source: v, target: /v, read_only: false}]}}\nvolumes: {v: }"
    )
    assert spec_of(made, "a")["volumes"]["/v"] == {"size": "1Gi"}
    fate = fate_of(made, "services", "a", "volumes", 0, "read_only")
    assert fate == ("default", "a volume is written to unless it says otherwise")


def test_a_database_with_a_user_is_still_a_need() -> None:
    made = _compose(
        "services: {web: {image: 'a:1', environment: {DATABASE_URL: 'postgres://u:p@db:5432/x'}},"
        " db: {image: 'postgres:17', user: 'postgres:postgres', cap_drop: [ALL], tmpfs: [/run], read_only: true}}"
    )
    assert [one.name for one in made.drafts] == ["web"]
    assert fate_of(made, "services", "db", "user") == ("default", "the need brings its own")


def test_a_service_is_called_as_others_call_it() -> None:
    made = _kubernetes(_deployment("web-deployment", "web"), _service("web", "web"))
    (draft,) = made.drafts
    assert draft.name == "web"
    assert not any("`name`" in one for one in draft.missing)
    entry = next(one for one in made.entries if one.document == 0 and one.route == ("metadata", "name"))
    assert (entry.note.fate, entry.note.reason) == ("mapped", "web, as others call it by its Service")


def test_a_name_that_several_are_called_by_is_said() -> None:
    made = _kubernetes(_deployment("v1", "web"), _deployment("v2", "web"), _service("web", "web"))
    assert [one.name for one in made.drafts] == ["v1", "v2"]
    for draft in made.drafts:
        assert any(one.startswith(f"`name`: the Service web is called {draft.name} here") for one in draft.missing)


def test_pods_of_a_stateful_set_keep_their_names() -> None:
    server: dict[str, object] = {**_deployment("db-set", "db"), "kind": "StatefulSet"}
    (draft,) = _kubernetes(server, _service("db", "db")).drafts
    assert draft.name == "db-set"
    assert any("the Service db is called db-set here" in one for one in draft.missing)


def test_a_service_of_the_workloads_own_name_is_the_one() -> None:
    made = _kubernetes(_deployment("web", "web"), _service("web", "web"), _service("old", "web"))
    (draft,) = made.drafts
    assert draft.name == "web"
    assert [one for one in draft.missing if "`name`" in one and "the Service old is called web here" in one]


def test_an_account_of_several_services_is_made_once() -> None:
    pod = {"serviceAccountName": "both"}
    made = _kubernetes(_deployment("a", "a", **pod), _deployment("b", "b", **pod), _account("both"))
    assert spec_of(made, "a")["account"] == {"name": "both"}
    assert spec_of(made, "b")["account"] == {"name": "both", "create": False}
    assert "account.create: false, since a makes the account both" in made.drafts[1].added


def test_who_may_connect_is_said_where_no_policy_does() -> None:
    (draft,) = _kubernetes(_deployment("web", "web")).drafts
    said = "`access.from`: only the pods of the namespace may connect, and what `expose` lets in"
    assert said in draft.added
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": []}
    policy: dict[str, object] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": spec,
    }
    (draft,) = _kubernetes(_deployment("web", "web"), policy).drafts
    assert said not in draft.added


def test_a_probe_begins_with_its_question() -> None:
    probe = {"initialDelaySeconds": 3, "httpGet": {"path": "/up", "port": 8080}, "periodSeconds": 7}
    container = {"name": "a", "image": "a:1", "ports": [{"containerPort": 8080}], "readinessProbe": probe}
    made = _kubernetes(_deployment("web", "web", containers=[container]))
    assert list(spec_of(made, "web")["health"]["ready"]) == ["http", "initial_delay", "period"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("k8s/kustomization.yaml", "resources: [a.yaml]\n", "kustomize build k8s | svc import -"),
        ("a.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "kustomize build . | svc"),
        ("chart/values-prod.yaml", "replicaCount: 1\n", "helm template NAME CHART -f chart/values-prod.yaml | svc"),
        ("api/Dockerfile", "FROM a\n", "`svc init api` writes a spec"),
        ("service.yaml", "apiVersion: svc/v1\nname: a\n", "a spec of svc already"),
        ("t/d.yaml", "kind: Deployment\nname: {{ .Values.name }}\n", "helm template NAME CHART | svc import -"),
        ("t/e.yaml", 'kind: Deployment\na:\n{{- include "x" . }}\n', "helm template NAME CHART | svc import -"),
        ("other.yaml", "hello: world\n", ""),
        ("other.yaml", "hello: [world\n", ""),
    ],
)
def test_what_cannot_be_imported_has_a_way(name: str, text: str, said: str) -> None:
    made = run([Source(name, text)])
    assert made.drafts == ()
    helps = {one.help for one in made.diagnostics}
    assert helps
    assert all(said in one and bool(said) == ("svc" in one) for one in helps), helps


def test_a_file_of_no_form_makes_no_mixture() -> None:
    deployment = emit(_deployment("web", "web")).text
    made = run([Source("a.yaml", deployment), Source("kustomization.yaml", "resources: [a.yaml]\n")])
    assert [one.id for one in made.diagnostics] == ["import-unknown"]
