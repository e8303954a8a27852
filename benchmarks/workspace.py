"""Makes workspaces of N services: several languages, needs, two environments, references from each to others.

`python -m benchmarks.workspace 100 FOLDER`. The same N gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

WORKSPACE = """\
apiVersion: svc/v1
kind: Workspace
registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com
repository: acme/shop
services: ["services/*/service.yaml"]
environments:
  staging:
    namespace: shop-staging
    cluster: shop-staging
    account: "444455556666"
    region: eu-west-1
    domain: staging.shop.example.com
    state_bucket: acme-shop-staging-state
    dns_zone: shop.example.com
  production:
    namespace: shop
    cluster: shop-production
    account: "111122223333"
    region: eu-west-1
    domain: shop.example.com
    state_bucket: acme-shop-production-state
    dns_zone: shop.example.com
defaults:
  team: shop
"""

LANGUAGES = (
    '{language: go, version: "1.26"}',
    '{language: python, version: "3.13", manager: pip, main: app.py}',
    '{language: node, version: "22", manager: npm, main: server.js}',
    '{language: java, version: "21", manager: maven}',
    '{language: rust, version: "1.98"}',
)
NEEDS = ("", "cart: {type: redis}", "db: {type: postgres}", "jobs: {type: queue}", "files: {type: bucket}")
VARIABLES = {
    "cart": "  CART: ${needs.cart.host}\n",
    "db": "  DATABASE_URL: ${needs.db.url}\n",
    "jobs": "  JOBS: ${needs.jobs.url}\n",
    "files": "  FILES: ${needs.files.name}\n",
}


def name(number: int) -> str:
    return f"service-{number:05d}"


def spec(number: int, count: int) -> str:
    """The spec of one service among `count`: it speaks to as many as three that come before it."""
    need = NEEDS[number % len(NEEDS)]
    others = sorted({other for other in (number // 2, number // 3, number - 1) if 0 <= other < number})
    callers = [other for other in (number + 1, number * 2) if number < other < count]
    lines = [
        "apiVersion: svc/v1",
        f"name: {name(number)}",
        f"description: Service {number} of the benchmark.",
        f"build: {LANGUAGES[number % len(LANGUAGES)]}",
        "ports: {http: 8080, metrics: 9102}" if number % 3 else "ports: {http: 8080}",
        "health: /healthz",
        "env:",
        "  PORT: ${ports.http}",
        f"  LOG_LEVEL: {'debug' if number % 2 else 'info'}",
        *(f"  UPSTREAM_{index}: http://${{services.{name(other)}.http}}" for index, other in enumerate(others)),
        *VARIABLES.get(need.partition(":")[0], "").splitlines(),
        "resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}",
        *([f"needs: {{{need}}}"] if need else []),
        *([f"secrets: {{TOKEN: {name(number)}/token}}"] if number % 4 == 0 else []),
        *([f"access: {{from: [{', '.join(name(one) for one in callers)}]}}"] if callers else []),
        *([f'expose: {{host: "{name(number)}.${{environment.domain}}"}}'] if number % 5 == 0 else []),
        "environments:",
        "  staging: {scale: 1}",
        "  production: {scale: {min: 2, max: 6}}",
    ]
    return "\n".join(lines) + "\n"


def make(root: Path, count: int) -> None:
    """Writes a workspace of `count` services below a folder."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "svc-workspace.yaml").write_text(WORKSPACE)
    for number in range(count):
        folder = root / "services" / name(number)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "service.yaml").write_text(spec(number, count))


if __name__ == "__main__":
    make(Path(sys.argv[2]), int(sys.argv[1]))
