"""Secrets of several compose services: one that is the same is made once, those with a text in common stay apart."""

from __future__ import annotations

import pytest

from importers.accounts import spec_of
from svc.importers.report import text
from svc.importers.result import Imported
from svc.importers.run import run
from svc.report.mask import hidden, words_of
from svc.source import Source


def _compose(services: str) -> Imported:
    made = run([Source("compose.yaml", f"services: {services}")])
    assert made.diagnostics == ()
    return made


def _secrets(made: Imported, name: str) -> dict[str, object]:
    found: dict[str, object] = spec_of(made, name).get("secrets") or {}
    return found


def _told(made: Imported) -> str:
    known = words_of(made.sources)
    return text(made, lambda said: hidden(said, known))


DEVELOPMENT = (
    "{web: {image: 'a:1', environment: {DB_PASSWORD: postgres, GRAFANA_ADMIN_PASSWORD: postgres}},"
    " grafana: {image: 'g:1', environment: {GRAFANA_ADMIN_PASSWORD: postgres}},"
    " mail: {image: 'm:1', environment: {SMTP_PASSWORD: postgres, ROOT_PASSWORD: postgres}}}"
)


def test_what_is_called_otherwise_is_another_secret() -> None:
    made = _compose(DEVELOPMENT)
    assert _secrets(made, "grafana") == {"GRAFANA_ADMIN_PASSWORD": {"secret": "web-secrets"}}
    assert len({one["from"] for one in _secrets(made, "web").values()}) == 2  # type: ignore[index]
    assert _secrets(made, "mail") == {
        "SMTP_PASSWORD": {"from": "mail/smtp-password"},
        "ROOT_PASSWORD": {"from": "mail/root-password"},
    }


def test_a_text_in_common_is_to_be_looked_at() -> None:
    told = _told(_compose(DEVELOPMENT)).partition("to be completed:")[2]
    same = "secrets: SMTP_PASSWORD and ROOT_PASSWORD have the same text in the file as DB_PASSWORD of web;"
    assert f"  mail: {same} where that is one secret, read it from the Secret web-secrets\n" in told
    assert "  grafana: secrets:" not in told.partition("added by")[0]


def test_the_report_hides_no_word_of_its_own() -> None:
    made = _compose(
        "{api: {image: 'a:1', environment: {SMTP_PASSWORD: '${SMTP}', ROOT_PASSWORD: hunter22, API_KEY: '${KEY}'}},"
        " web: {image: 'a:1', environment: {SMTP_PASSWORD: '${SMTP}', ROOT_PASSWORD: hunter22}},"
        " one: {image: 'a:1', environment: {API_KEY: '${KEY}'}}}"
    )
    told = _told(made)
    assert "secrets: SMTP_PASSWORD and ROOT_PASSWORD are read from the Secret api-secrets of api: the same in" in told
    assert "secrets: API_KEY is read from the Secret api-secrets of api: the same in the file" in told
    assert "*" not in told


@pytest.mark.parametrize(
    ("server", "client", "same"),
    [
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, DB_PASSWORD: s3cret11", True),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, PGPASSWORD: s3cret11", True),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, WORDPRESS_DB_USER_PASSWORD: s3cret11", True),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, ADMIN_PASSWORD: s3cret11", False),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, REDIS_PASSWORD: s3cret11", False),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: elsewhere, DB_PASSWORD: s3cret11", False),
        ("POSTGRES_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, DB_PASSWORD: s3cret12", False),
        ("MARIADB_ROOT_PASSWORD: s3cret11, OWN: x", "DB_HOST: db, MYSQL_PASSWORD: s3cret11", True),
        ("RABBITMQ_DEFAULT_PASS: s3cret11, OWN: x", "MQ_HOST: db, AMQP_PASSWORD: s3cret11", True),
    ],
)
@pytest.mark.parametrize("first", ["db", "web"])
def test_the_password_of_a_server_is_that_of_those_who_connect(
    first: str, server: str, client: str, same: bool
) -> None:
    services = {
        "db": f"db: {{image: 'd:1', ports: ['5432'], environment: {{{server}}}}}",
        "web": f"web: {{image: 'a:1', environment: {{{client}}}}}",
    }
    other = "web" if first == "db" else "db"
    made = _compose(f"{{{services[first]}, {services[other]}}}")
    assert any("secret" in one for one in _secrets(made, other).values()) is same  # type: ignore[operator]


@pytest.mark.parametrize("first", ["db", "web"])
@pytest.mark.parametrize(
    ("server", "client", "key"),
    [
        ("MYSQL_USER: app, MYSQL_PASSWORD: s3cret11", "DB_USER: app, DB_PASSWORD: s3cret11", "MYSQL_PASSWORD"),
        ("MYSQL_USER: app, MYSQL_PASSWORD: s3cret11", "DB_USER: root, DB_PASSWORD: s3cret11", "MYSQL_ROOT_PASSWORD"),
        ("MYSQL_USER: app, MYSQL_PASSWORD: s3cret11", "DB_ROOT_PASSWORD: s3cret11", "MYSQL_ROOT_PASSWORD"),
        ("MYSQL_USER: app, MYSQL_PASSWORD: s3cret11", "MYSQL_ADMIN_PASSWORD: s3cret11", "MYSQL_ROOT_PASSWORD"),
        ("MYSQL_USER: app, MYSQL_PASSWORD: other111", "DB_PASSWORD: s3cret11", None),
        ("MYSQL_USER: app, MYSQL_PASSWORD_FILE: /run/p", "DB_PASSWORD: s3cret11", None),
        ("MYSQL_DATABASE: app", "DB_PASSWORD: s3cret11", "MYSQL_ROOT_PASSWORD"),
    ],
)
def test_the_password_of_root_is_for_root(first: str, server: str, client: str, key: str | None) -> None:
    services = {
        "db": f"db: {{image: 'd:1', ports: ['3306'], environment: {{MYSQL_ROOT_PASSWORD: s3cret11, {server}}}}}",
        "web": f"web: {{image: 'a:1', environment: {{DB_HOST: db, {client}}}}}",
    }
    other = "web" if first == "db" else "db"
    made = _compose(f"{{{services[first]}, {services[other]}}}")
    mine = next(name for name in _secrets(made, "web") if name.upper().endswith("PASSWORD"))
    read = {name: one for name, one in _secrets(made, other).items() if "secret" in one}  # type: ignore[operator]
    if key is None:
        assert not read
    elif other == "web":
        assert read == {mine: {"secret": "db-secrets", "key": key}}
    else:
        assert read == {key: {"secret": "web-secrets", "key": mine}}


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("POSTGRES_PASSWORD: '${PW:-s3cret11}'", "POSTGRES_PASSWORD: '${PW2:-s3cret11}'", False),
        ("POSTGRES_PASSWORD: '${PW:-s3cret11}'", "MYSQL_PASSWORD: '${PW2:-s3cret11}'", False),
        ("POSTGRES_PASSWORD: s3cret11", "MYSQL_PASSWORD: s3cret11", False),
        ("POSTGRES_PASSWORD: '${PW:-s3cret11}'", "POSTGRES_PASSWORD: '${PW:-s3cret11}'", True),
        ("POSTGRES_PASSWORD: '${PW:-s3cret11}'", "POSTGRES_PASSWORD: '${PW2:-other111}'", True),
    ],
)
def test_of_two_servers_with_one_text_nothing_says_which(one: str, two: str, same: bool, last: bool) -> None:
    web = "web: {image: 'a:1', environment: {A_HOST: one, B_HOST: two, OTHER_DB_PASSWORD: s3cret11}}"
    servers = f"one: {{image: 'd:1', ports: ['1'], environment: {{{one}, MYSQL_USER: a}}}}"
    servers += f", two: {{image: 'd:1', ports: ['1'], environment: {{{two}, MYSQL_USER: a}}}}"
    made = _compose(f"{{{servers}, {web}}}" if last else f"{{{web}, {servers}}}")
    mine = _secrets(made, "web")["OTHER_DB_PASSWORD"]
    shared = [one for name in ("one", "two") for one in _secrets(made, name).values() if "'web-" in str(one)]
    assert (mine == {"secret": "one-secrets", "key": "POSTGRES_PASSWORD"} if last else bool(shared)) is same
    assert ("same text in the file as" in _told(made).partition("to be completed:")[2]) is not same


def test_two_variables_are_two_secrets_whatever_they_are_without_a_value() -> None:
    made = _compose(
        "{a: {image: 'a:1', environment: {DB_PASSWORD: '${A_PASSWORD:-s3cret11}'}},"
        " b: {image: 'a:1', environment: {DB_PASSWORD: '${B_PASSWORD:-s3cret11}'}},"
        " c: {image: 'a:1', environment: {DB_PASSWORD: s3cret11}}}"
    )
    assert _secrets(made, "b") == {"DB_PASSWORD": {"from": "b/db-password"}}
    assert _secrets(made, "c") == {"DB_PASSWORD": {"secret": "a-secrets"}}
