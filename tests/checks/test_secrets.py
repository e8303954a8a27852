"""What is taken for a secret, and what is not: a false alarm here teaches people to wave all of them through."""

from __future__ import annotations

import pytest

from svc.checks._secrets import holds_secret, in_argument, is_secret


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "correct-horse"),
        ("dbPassword", "hunter2"),
        ("API_KEY", "2f6c8e1b90a7"),
        ("STRIPE_SECRET_KEY", "x9s8d7f6g5"),
        ("ANYTHING", "AKIAIOSFODNN7EXAMPLE"),
        ("ANYTHING", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("DATABASE_URL", "postgres://app:horse@db:5432/app"),
        ("KEY", "-----BEGIN RSA PRIVATE KEY-----\nabc"),
        ("redis-password", "s3cr3t!"),
        ("PIN_TOKEN", "123456"),
    ],
)
def test_secrets(name: str, value: str) -> None:
    assert is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
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
    ],
)
def test_no_secrets(name: str, value: str) -> None:
    assert not is_secret(name, value)


def test_arguments() -> None:
    assert in_argument("--password=horse")
    assert not in_argument("--password-file=/run/a")
    assert not in_argument("--port=8080")
    assert holds_secret("curl -H 'Authorization: token ghp_0123456789abcdefghijABCDEFGHIJ012345'")
