"""Services of a compose project among each other: addresses, needs, shared volumes, and files that belong together."""

from __future__ import annotations

import pytest

from importers.accounts import fate_of, spec_of
from importers.imported import compose
from svc.importers.check import check, neighbours

# --- who reaches whom --------------------------------------------------------------------------------------------


def test_addresses_are_references_that_let_the_service_in() -> None:
    made = compose("""
services:
  web_app:
    image: a:1
    environment:
      API: http://back_end:3000/v1
      PLAIN: http://static
      CACHE_HOST: cache
      BROKERS: kafka1:9092,kafka1:9093
      MODE: back_end
      SELF: http://web_app:80
  back_end: {image: 'b:1', container_name: the-api, expose: ['3000']}
  static: {image: 'nginx:1'}
  cache: {image: 'memcached:1.6'}
  kafka1: {image: 'k:1', hostname: k.local}
  other: {image: 'o:1', depends_on: [web_app, cache], command: [serve, '--api=the-api:3000', '--at=http://k.local:9092'], ports: ['1']}
""")
    assert spec_of(made, "web-app")["env"] == {
        "API": "http://${services.back-end.http}/v1",
        "PLAIN": "http://${services.static.host}",
        "CACHE_HOST": "${services.cache.host}",
        "BROKERS": "${services.kafka1.kafka},${services.kafka1.port-9093}",
        "MODE": "back_end",
        "SELF": "http://web_app:80",
    }
    assert spec_of(made, "web-app")["access"] == {"to": ["cache", "static"]}
    assert list(spec_of(made, "cache")["ports"].values()) == [11211]
    assert spec_of(made, "other")["args"] == [
        "serve",
        "--api=${services.back-end.http}",
        "--at=http://${services.kafka1.kafka}",
    ]
    resolved = check(made.drafts[0], neighbours(made.drafts)).resolved
    assert resolved is not None
    assert {one.service for one in resolved.access.outgoing} == {"back-end", "kafka1", "cache", "static"}


def test_who_is_waited_for_is_reached_but_not_what_ends() -> None:
    made = compose("""
services:
  web: {image: 'a:1', depends_on: {db: {condition: service_healthy, restart: true}, setup: {condition: service_completed_successfully}}}
  db: {image: 'acme/mariadb:11'}
  setup: {image: 'a:1', command: [migrate]}
""")
    assert spec_of(made, "web")["access"] == {"to": ["db"]}
    assert spec_of(made, "db")["ports"] == {"mysql": 3306}


# --- needs -------------------------------------------------------------------------------------------------------

PARTS = """
services:
  app_one:
    image: a:1
    environment: {{DB_HOST: data_base, DB_PORT: {port}, DB_USER: me, DB_PASSWORD: '{password}', DB_NAME: shop, LEVEL: me}}
  data_base: {{image: '{image}', environment: {{{settings}}}}}
"""


@pytest.mark.parametrize("password", ["verysecret1", "${DB_PASSWORD}", "${DB_PASSWORD:?set it}"])
@pytest.mark.parametrize(
    ("image", "port", "settings", "kind"),
    [
        ("postgres:17", 5432, "POSTGRES_USER: me, POSTGRES_PASSWORD: '%s', POSTGRES_DB: shop", "postgres"),
        ("mysql:8.4", 3306, "MYSQL_USER: me, MYSQL_PASSWORD: '%s', MYSQL_DATABASE: shop", "mysql"),
    ],
)
def test_a_connection_in_parts_is_a_need(image: str, port: int, settings: str, kind: str, password: str) -> None:
    made = compose(PARTS.format(image=image, port=port, settings=settings % password, password=password))
    (draft,) = made.drafts
    assert draft.data["env"] == {
        "DB_HOST": "${needs.data-base.host}",
        "DB_PORT": "${needs.data-base.port}",
        "DB_USER": "${needs.data-base.user}",
        "DB_PASSWORD": "${needs.data-base.password}",
        "DB_NAME": "${needs.data-base.name}",
        "LEVEL": "me",
    }
    assert draft.data["needs"]["data-base"]["type"] == kind
    assert not made.lost


@pytest.mark.parametrize("wrong", ["DB_USER: other", "DB_PASSWORD: another-one1", "HOSTS: data_base/x", "DB_NAME: x"])
def test_a_part_that_differs_leaves_a_service(wrong: str) -> None:
    key = wrong.partition(":")[0]
    given = {"DB_HOST": "data_base", "DB_USER": "me", "DB_PASSWORD": "verysecret1", "DB_NAME": "shop"}
    env = ", ".join([*(f"{name}: {value}" for name, value in given.items() if name != key), wrong])
    made = compose(
        f"services: {{app: {{image: 'a:1', environment: {{{env}}}}}, data_base: {{image: 'postgres:17',"
        " environment: {POSTGRES_USER: me, POSTGRES_PASSWORD: verysecret1, POSTGRES_DB: shop}}}"
    )
    assert [one.name for one in made.drafts] == ["app", "data-base"]


# --- volumes, files, probes --------------------------------------------------------------------------------------


def test_a_volume_of_several_services_is_one_claim() -> None:
    made = compose("""
services:
  web: {image: 'a:1', volumes: ['media:/srv/media', 'own:/x']}
  worker: {image: 'b:1', volumes: [{type: volume, source: media, target: /media, read_only: true}]}
volumes: {media: , own: {driver: local}, far: {external: true}}
""")
    assert spec_of(made, "web")["volumes"] == {"/srv/media": {"size": "1Gi", "access": "many"}, "/x": {"size": "1Gi"}}
    assert spec_of(made, "worker")["volumes"] == {"/media": {"claim": "web-srv-media", "read_only": True}}
    claims = [one.name for one in check(made.drafts[0]).objects if one.kind == "PersistentVolumeClaim"]
    assert "web-srv-media" in claims
    assert fate_of(made, "volumes", "media")[0] == "default"
    assert fate_of(made, "volumes", "far", "external")[0] == "dropped"


def test_a_file_that_is_bound_is_a_file_of_the_spec() -> None:
    made = compose(
        """
services:
  web:
    image: a:1
    volumes: ['./conf/nginx.conf:/etc/nginx/nginx.conf:ro', './src:/src:ro', {type: bind, source: ./b.txt, target: /b}]
""",
        files={"conf/nginx.conf": "server {}", "b.txt": "b"},
    )
    assert spec_of(made, "web")["files"] == {
        "/etc/nginx/nginx.conf": {"source": "nginx.conf"},
        "/b": {"source": "b.txt"},
    }
    assert fate_of(made, "services", "web", "volumes", 1)[0] == "dropped"
    assert any("copy conf/nginx.conf" in one for one in made.drafts[0].missing)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("curl -f http://localhost:8080/health || exit 1", "/health"),
        ("[CMD, curl, -fsS, --max-time, '2', 'http://127.0.0.1:8080/']", "/"),
        ("[CMD-SHELL, 'wget --no-verbose --tries=1 --spider http://localhost:8080/ready || exit 1']", "/ready"),
        ("[CMD, wget, -qO-, 'http://0.0.0.0:8080/x']", "/x"),
        ("[CMD, curl, -kf, 'https://localhost:8443/s']", {"path": "/s", "port": 8443, "scheme": "https"}),
        ("curl http://localhost:8080/health", None),
        ("curl -f -X POST http://localhost:8080/health", None),
        ("curl -f http://other:8080/health", None),
        ("curl -f http://localhost:8080/ | grep ok", None),
        ("pg_isready -U me", None),
    ],
)
def test_a_request_is_a_probe(test: str, expected: object) -> None:
    made = compose(f"services: {{web: {{image: 'a:1', ports: ['8080'], healthcheck: {{test: {test}}}}}}}")
    health = spec_of(made, "web")["health"]
    assert health.get("http") == expected
    assert ("exec" in health) == (expected is None)


def test_shared_memory_is_a_volume() -> None:
    made = compose("services: {web: {image: 'a:1', shm_size: 256mb}}")
    assert spec_of(made, "web")["volumes"] == {"/dev/shm": {"scratch": "memory", "size": "256Mi"}}


# --- what stays and what goes ------------------------------------------------------------------------------------


def test_a_need_of_several_services_is_one() -> None:
    made = compose("""
services:
  web: {image: 'a:1', ports: ['80'], environment: {DB: 'postgres://a:b@db/x'}}
  other: {image: 'b:1', environment: {DB: 'postgres://a:b@db/x'}}
  db: {image: 'postgres:17'}
""")
    assert spec_of(made, "web")["needs"] == {"db": {"type": "postgres", "version": "17"}}
    assert spec_of(made, "other")["needs"] == {"db": {"type": "postgres", "realise": "existing", "secret": "web-db"}}
    assert any("in whose namespace web-db is" in one for one in made.drafts[1].missing)


def test_data_beside_an_image_is_a_volume_and_sources_are_not() -> None:
    made = compose("""
services:
  db: {image: 'acme/db:1', volumes: ['./data:/var/lib/db', './init:/init:ro', '/var/run/docker.sock:/s']}
  web: {build: ., volumes: ['./src:/app/src']}
""")
    assert spec_of(made, "db")["volumes"] == {"/var/lib/db": {"size": "1Gi"}}
    assert any("it is empty at first, ./data is not" in one for one in made.drafts[0].missing)
    assert "volumes" not in spec_of(made, "web")
    assert [fate_of(made, "services", "db", "volumes", index)[0] for index in (1, 2)] == ["dropped", "dropped"]


def test_a_variable_with_an_unknown_secret_is_one_of_the_store() -> None:
    made = compose(
        "services: {web: {image: 'a:1', environment: {URL: 'x://u:${DB_PASSWORD}@h', AT: 'https://${HOST}/x'}}}"
    )
    data = spec_of(made, "web")
    assert (data["secrets"], data["env"]) == ({"URL": {"from": "web/url"}}, {"AT": "https:///x"})


def test_switches_that_are_off_are_no_loss() -> None:
    made = compose("""
services:
  web: {image: 'a:1', privileged: false, security_opt: ['no-new-privileges:true'], logging: {driver: json-file}, init: true}
secrets: {}
""")
    assert not made.lost


def test_what_docker_provides_is_no_service() -> None:
    made = compose("services: {web: {image: 'a:1', depends_on: [db]}, db: {provider: {type: cloud, options: {a: b}}}}")
    assert [one.name for one in made.drafts] == ["web"]
    assert fate_of(made, "services", "db", "provider", "options", "a")[0] == "dropped"


def test_volumes_from_another_service() -> None:
    made = compose("""
web: {image: 'a:1', volumes_from: ['data:ro', 'container:gone'], dockerfile: x, net: bridge, log_driver: syslog}
data: {image: 'b:1', volumes: [/data]}
""")
    assert spec_of(made, "web")["volumes"] == {"/data": {"claim": "data-data", "read_only": True}}
    assert fate_of(made, "web", "volumes_from", 1)[0] == "dropped"


def test_a_timeout_longer_than_the_interval_is_the_period() -> None:
    made = compose("services: {web: {image: 'a:1', healthcheck: {test: [CMD, ok], interval: 5s, timeout: 1m}}}")
    assert spec_of(made, "web")["health"] == {"exec": ["ok"], "timeout": "1m"}


def test_secrets_and_configs_that_nobody_takes() -> None:
    made = compose("services: {web: {image: 'a:1', configs: [a]}}\nconfigs: {a: {content: x}, b: {content: y}}\n")
    assert fate_of(made, "configs", "a")[0] == "mapped"
    assert fate_of(made, "configs", "b")[0] == "dropped"
