"""What is taken for a secret, and what is not: a false alarm here teaches people to wave all of them through."""

from __future__ import annotations

import pytest

from svc.checks.secrets import holds_secret, in_argument, is_secret, is_stored, names_stored

PAGE = "EAAJ" + "ZCBq7R2" * 7 + "xK9"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "correct-horse"),
        ("DB_PASSWORD", "horse/battery"),
        ("DB_PASSWORD_SECRET", "horse/b4ttery"),
        ("dbPassword", "hunter2"),
        ("API_KEY", "2f6c8e1b90a7"),
        ("STRIPE_SECRET_KEY", "x9s8d7f6g5"),
        ("ANYTHING", "AKIAIOSFODNN7EXAMPLE"),
        ("ANYTHING", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("DATABASE_URL", "postgres://app:horse@db:5432/app"),
        ("KEY", "-----BEGIN RSA PRIVATE KEY-----\nabc"),
        ("redis-password", "s3cr3t!"),
        ("PIN_TOKEN", "123456"),
        ("DB_PASS", "hunter2"),
        ("SECRET_KEY_BASE", "correct-horse-battery"),
        ("RAILS_SECRET_KEY_BASE", "9a3f1c0d7e"),
        ("APP_KEY", "base64:3q2+7wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw="),
        ("APP_KEY", "SomeRandomKey1234567890abcdefXYZ"),
        ("SECRET_HASH", "f3a9c1d2e4b5a697"),
        ("SECRET_SEED_PHRASE_1", "Vt9xQ2mL0pZr"),
        ("ENCRYPTION_KEY", "4c2f9b7e1d0a8c6b5e3f"),
        ("PASSWORD_SALT", "kJ8s0dQ1zXc7"),
        ("DB_PASSWORD", "@hunter2"),
        ("DB_PASSWORD", "#hunter2"),
        ("DB_PASSWORD", "__hunter2"),
        ("FACEBOOK_PAGE_TOKEN", "correct-horse"),
        ("FB_PAGE_TOKEN", PAGE),
        ("STATUS_PAGE_TOKEN", "2f6c8e1b90a7"),
        ("NEXT_PAGE_TOKEN", PAGE),
        ("MASK_TOKEN", PAGE),
        ("SEP_TOKEN", "3f786850e387550fdab836ed7e6dc881de23001b"),
        ("STOP_TOKEN", PAGE),
        ("ETCD_INITIAL_CLUSTER_TOKEN", "9hP2x7QmVt4LcZ8nRk"),
        ("TLS_SECRET", "kJ8s0dQ1zXc7"),
        ("existingSecretApiKey", "kJ8s-0dQ1zXc7"),
    ],
)
def test_secrets(name: str, value: str) -> None:
    assert is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret-envs", "npm_token=NPM_TOKEN"),
        ("DB_PASSWORD_SECRET", "shop/database"),
        ("dbSecret", "live/shop/database-login"),
        ("SECRET_FLAGS", "Retries=3X"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "$(DB_PASSWORD)"),
        ("DB_PASSWORD", "{{ .Values.password }}"),
        ("DB_PASSWORD", "<your password>"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("TOKEN_URL", "https://auth.example.com/token"),
        ("TOKEN_TTL", "3600"),
        ("SECRET_NAME", "checkout-db"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("USE_TOKEN", "true"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("KEYBOARD", "de"),
        ("MONKEY", "banana"),
        ("AWS_ACCESS_KEY_ID_FILE", "/a"),
        ("DATABASE_URL", "postgres://db:5432/app"),
        ("DATABASE_URL", "postgres://app:$(DB_PASSWORD)@db/app"),
        ("SECRET", "vault:secret/data/app#key"),
        ("PUBLIC_KEY", "ssh-ed25519"),
        ("LOG_LEVEL", "info"),
        ("IMAGE", "sha256:0123456789abcdef"),
        ("SECRET_NAME", "checkout-db-credentials-v2"),
        ("SECRET_KEY_BASE_FILE", "/run/secrets/key"),
        ("SECRET_PROVIDER", "HashiCorpVault2024"),
        ("SECRET_BACKEND", "kv-v2"),
        ("SECRET_REF", "Projects/Abc123/Secrets9"),
        ("SECRET_ROTATION", "enabled"),
        ("SECRET_KEY_BASE", "$(SECRET_KEY_BASE)"),
        ("AWS_SECRET_KEY_ID", ""),
        ("ENCRYPTION_KEY", "alias/checkout-2024"),
        ("ENCRYPTION_KEY", "1b7c0f8e-2f3a-4a55-9a3e-0d1c2b3a4f5e"),
        ("ENCRYPTION_KEY", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"),
        ("SESSION_KEY", "user-session"),
        ("APP_KEY", "checkout"),
        ("TLS_SECRET", "checkout-tls"),
        ("IMAGE_PULL_SECRET", "regcred"),
        ("DB_PASSWORD", "your-password-here"),
        ("DB_PASSWORD", "REPLACE_ME"),
        ("DB_PASSWORD", "xxxxxx"),
        ("DB_PASSWORD", "@db.password@"),
        ("DB_PASSWORD", "#{Db.Password}"),
        ("DB_PASSWORD", "#{password}#"),
        ("DB_PASSWORD", "__DB_PASSWORD__"),
        ("auth.existingSecret", "redis-1"),
        ("existingSecretPasswordKey", "redis-password"),
        ("BYPASS", "everything"),
        ("CACHE_COMPASS", "north"),
        ("ETCD_INITIAL_CLUSTER_TOKEN", "k8s-etcd-cluster-2024"),
        ("PAGE_TOKEN", "first"),
        ("google.nextPageToken", "first"),
        ("TLS_SECRET", "K8S_CHECKOUT_TLS_V1"),
        ("TLS_SECRET", "wildcard2024tls"),
        ("existingSecretAccessKey", "secretAccessKey2"),
        ("MASK_TOKEN", "[unused0123456]"),
        ("STOP_TOKEN", "###"),
        ("existingSecretName", "kJ8s0dQ1zXc7"),
        ("NEXT_PAGE_TOKEN", "${NEXT_PAGE_TOKEN_1}"),
    ],
)
def test_no_secrets(name: str, value: str) -> None:
    assert not is_secret(name, value)


def test_what_tells_things_apart_is_stored_where_it_is_drawn_at_random() -> None:
    assert is_stored("MASK_TOKEN", PAGE)
    assert not is_stored("MASK_TOKEN", "[MASK]")
    assert not names_stored("MASK_TOKEN")
    assert names_stored("FB_PAGE_TOKEN")


def test_arguments() -> None:
    assert in_argument("--password=horse")
    assert not in_argument("--password-file=/run/a")
    assert not in_argument("--port=8080")
    assert holds_secret("curl -H 'Authorization: token ghp_0123456789abcdefghijABCDEFGHIJ012345'")
