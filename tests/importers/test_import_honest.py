"""What an import changes without a key that says so is said; names, accounts and secrets that are common stay so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from importers import imported
from importers.accounts import fate_of, spec_of
from svc.importers.run import run
from svc.source import Source


def test_compose_says_what_is_hardened() -> None:
    made = imported.compose(
        "services: {web: {image: 'a:1'}, own: {image: 'a:1', user: '5', read_only: false}}",
    )
    web, own = made.drafts
    assert "`user`: the file names none; the process runs as 10001" in web.missing
    assert any("root file system is read-only" in one for one in web.added)
    assert not any("`user`" in one for one in own.missing)
    assert not any("root file system" in one for one in own.added)


def test_score_says_what_is_hardened() -> None:
    score = "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainers: {main: {image: 'a:1'}}\n"
    (draft,) = imported.sound(run([Source("score.yaml", score)])).drafts
    assert "`user`: Score names none; the process runs as 10001" in draft.missing
    assert any("root file system is read-only" in one for one in draft.added)


def test_what_is_to_be_a_secret_is_one() -> None:
    """Weak values and words that stand for the real one, too: a spec has no place for the real one but the store."""
    made = imported.compose(
        "services: {web: {image: 'a:1', env_file: web.env, environment: {SALT: mysalt, REDIS_AUTH: '${REDIS_AUTH:-weak}',"
        " ENCRYPTION_KEY: '0000000000000000', APP_KEY: '${APP_KEY}', AUTH_URL: 'http://a', TOKEN_TTL: '5',"
        " SECRET_KEY: 'true', COOKIE_KEY: '7', SESSION_KEY: <fill-in>}}}",
        files={"web.env": "SECRET_KEY_BASE=replace_with_lengthy_secure_hex\nJWT_KEY=\n"},
    )
    data = spec_of(made, "web")
    names = {"SECRET_KEY_BASE", "JWT_KEY", "SALT", "REDIS_AUTH", "ENCRYPTION_KEY", "APP_KEY", "SESSION_KEY"}
    assert set(data["secrets"]) == names
    assert set(data["env"]) == {"AUTH_URL", "TOKEN_TTL", "SECRET_KEY", "COOKIE_KEY"}
    env = [{"name": "SALT", "value": "mysalt"}, {"name": "A_SALT", "value": "$(SALT)"}]
    pod = {"containers": [{"name": "a", "image": "a:1", "env": env}]}
    kubernetes = spec_of(imported.kubernetes(imported.deployment("web", "web", **pod)), "web")
    assert (set(kubernetes["secrets"]), set(kubernetes["env"])) == ({"SALT"}, {"A_SALT"})


def test_a_secret_in_a_command_is_one_of_the_store() -> None:
    made = imported.compose(
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

    made = imported.compose("services: {a: {image: 'r:1', command: [redis-server, --requirepass, hunter2a]}}")
    assert "hunter2a" not in without_secrets(made.drafts[0].text())[0]


def test_no_password_of_a_command_stays_in_a_spec() -> None:
    from svc.report.mask import TO_BE_REPLACED, without_secrets

    compose = imported.compose(
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
    drafts = [*compose.drafts, *imported.kubernetes(imported.deployment("web", "web", **pod)).drafts]
    texts = [without_secrets(one.text())[0] for one in drafts]
    assert not [text for text in texts if "s3cret" in text]
    assert [text.count(TO_BE_REPLACED) for text in texts] == [3, 1, 2]


def test_one_secret_of_several_services_has_one_path_and_one_owner() -> None:
    made = imported.compose(
        "services: {db: {image: 'd:1', environment: {POSTGRES_PASSWORD: '${DB_PASSWORD}', OWN: '1'}},"
        " web: {image: 'a:1', env_file: .env, environment: {API_TOKEN: abcdef123456, DB_PASS: '${OTHER_PASS:-secret9}'}},"
        " mail: {image: 'a:1', env_file: .env, environment: {API_TOKEN: abcdef123456, PASSWORD: secret9, X_TOKEN: fedcba654321}}}",
        files={".env": "DB_PASSWORD=hunter22aa\n"},
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
    made = imported.compose(f"services: {{web: {service}, worker: {service}}}")
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
    made = imported.compose("""
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
    made = imported.compose("""
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
    made = imported.compose(
        "services: {a: {image: 'a:1', stop_grace_period: 30s}, b: {image: 'a:1', stop_grace_period: 31s}}"
    )
    assert "rollout" not in spec_of(made, "a")
    assert fate_of(made, "services", "a", "stop_grace_period")[0] == "default"
    assert spec_of(made, "b")["rollout"] == {"grace": "31s"}


def test_what_is_the_same_of_all_parts_of_a_key_is_said_once() -> None:
    from svc.importers.report import text

    made = imported.compose("""
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
    made = imported.compose("""
services:
  web: {image: 'a:1', environment: {REDIS_URL: 'redis://:pw@cache:6379'}}
  cache: {image: 'redis:8', command: redis-server --maxmemory 100mb}
""")
    assert fate_of(made, "services", "cache", "command")[0] == "dropped"


def test_words_that_stand_for_several_secrets_make_them_no_single_one() -> None:
    made = imported.compose(
        "services: {a: {image: 'a:1', environment: {COOKIE_SECRET: changeme, CSRF_SECRET: changeme, PASS: changeme, PWD: changeme}},"
        " b: {image: 'b:1', environment: {API_TOKEN: changeme, COOKIE_SECRET: changeme}}}"
    )
    a, b = (spec_of(made, name)["secrets"] for name in "ab")
    assert len({one["from"] for one in a.values()}) == 4
    assert b == {"API_TOKEN": {"from": "b/api-token"}, "COOKIE_SECRET": {"secret": "a-secrets"}}


def test_a_secret_that_is_a_word_of_the_report_leaves_it_readable() -> None:
    from svc.importers.report import text
    from svc.report.mask import hidden, words_of

    made = imported.compose("services: {a: {image: 'a:1', environment: {A_PASSWORD: secret, B_PASSWORD: hunter2a}}}")
    known = words_of(made.sources)
    told = text(made, lambda said: hidden(said, known))
    assert "secrets.A_PASSWORD: a secret's value never stands in a spec" in told
    assert "hunter2a" not in hidden("it is hunter2a", known)


def test_what_ends_by_itself_is_said() -> None:
    made = imported.compose(
        "services: {job: {image: 'a:1', restart: on-failure}, web: {image: 'a:1', restart: 'no', ports: ['80']},"
        " always: {image: 'a:1', restart: always}}"
    )
    said = {one.name for one in made.drafts if any("make it one of `jobs`" in text for text in one.missing)}
    assert said == {"job"}


def test_a_volume_that_may_be_written_to_says_nothing_of_it() -> None:
    made = imported.compose(
        "services: {a: {image: 'a:1', volumes: [{type: volume, source: v, target: /v, read_only: false}]}}\nvolumes: {v: }"
    )
    assert spec_of(made, "a")["volumes"]["/v"] == {"size": "1Gi"}
    fate = fate_of(made, "services", "a", "volumes", 0, "read_only")
    assert fate == ("default", "a volume is written to unless it says otherwise")


def test_a_database_with_a_user_is_still_a_need() -> None:
    made = imported.compose(
        "services: {web: {image: 'a:1', environment: {DATABASE_URL: 'postgres://u:p@db:5432/x'}},"
        " db: {image: 'postgres:17', user: 'postgres:postgres', cap_drop: [ALL], tmpfs: [/run], read_only: true}}"
    )
    assert [one.name for one in made.drafts] == ["web"]
    assert fate_of(made, "services", "db", "user") == ("default", "the need brings its own")
