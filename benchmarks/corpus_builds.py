"""Texts of the corpus that build and ship an application: Dockerfile, compose file, workflow, Terraform."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_VERSIONS = {"python": "3.13", "node": "22", "go": "1.26", "java": "21"}
LANGUAGES = ("python", "node", "go", "java", "rust", "static")


@dataclass(frozen=True, slots=True)
class App:
    """`care`: from 0 to 1, how seldom its people make the usual mistakes. `chance` is used up in the order of files."""

    name: str
    team: str
    language: str
    port: int
    care: float
    chance: Random

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def careful(self) -> bool:
        """Whether this thing is done as it should be."""
        return self.chance.random() < 0.15 + 0.8 * self.care

    @property
    def digest(self) -> str:
        return f"sha256:{self.chance.getrandbits(256):064x}"

    def image(self) -> str:
        registry = self.chance.choice(("registry.example.com/", "ghcr.io/acme/", "acme/"))
        if self.careful():
            return f"{registry}{self.name}@{self.digest}"
        return f"{registry}{self.name}{self.chance.choice((':latest', ':1.4.2', ':2026-01-07', ''))}"


def dockerfile(one: App) -> str:
    base = {
        "python": "python:3.13-slim-bookworm",
        "node": "node:22-bookworm-slim",
        "go": "golang:1.26",
        "java": "eclipse-temurin:21-jdk",
        "rust": "rust:1.90",
        "static": "nginx:1.29-alpine",
    }[one.language]
    if not one.careful():
        base = f"{base.partition(':')[0]}:latest"
    lines = ["# syntax=docker/dockerfile:1"] if one.often(0.4) else []
    lines += [f"FROM {base}{'@' + one.digest if one.careful() else ''} AS build", "WORKDIR /src"]
    lines += _system(one) + _steps(one)
    if one.language in ("go", "rust", "java"):
        final = "gcr.io/distroless/base-debian12:nonroot" if one.careful() else "debian:bookworm-slim"
        lines += ["", f"FROM {final}", "WORKDIR /app", "COPY --from=build /src/out/app /app/app"]
    lines += [f"LABEL org.opencontainers.image.title={one.name}", f"ENV PORT={one.port} LOG_LEVEL=info"]
    if not one.careful():
        lines.append(f"ENV API_TOKEN=change-me-{one.chance.randrange(10**6)}")
    lines.append(f"EXPOSE {one.port}" if one.careful() else f"EXPOSE {one.port} 22")
    if one.often(0.4):
        lines.append(f"HEALTHCHECK --interval=30s CMD wget -qO- http://127.0.0.1:{one.port}/healthz || exit 1")
    if one.careful():
        lines.append("USER 10001:10001")
    start = {"python": '["python", "-m", "app"]', "node": '["node", "server.js"]'}.get(one.language, '["/app/app"]')
    lines.append(
        f"CMD {start}" if one.careful() else f"CMD {' '.join(start.strip('[]').replace(chr(34), '').split(', '))}"
    )
    return "\n".join(lines) + "\n"


def _system(one: App) -> list[str]:
    packages = sorted(one.chance.sample(("curl", "ca-certificates", "git", "libpq5", "tini", "unzip", "jq"), 3))
    if one.language == "static":
        return [f"RUN apk add {'--no-cache ' if one.careful() else ''}{' '.join(packages[:2])}"]
    if one.careful():
        listed = " \\\n    ".join(packages)
        install = f"apt-get install -y --no-install-recommends \\\n    {listed}"
        return [f"RUN apt-get update \\\n  && {install} \\\n  && rm -rf /var/lib/apt/lists/*"]
    return ["RUN apt-get update", f"RUN apt-get install -y {' '.join(packages)}"]


def _steps(one: App) -> list[str]:
    steps = {
        "python": ["COPY requirements.txt .", "RUN pip install --no-cache-dir -r requirements.txt", "COPY . ."],
        "node": ["COPY package.json package-lock.json ./", "RUN npm ci --omit=dev", "COPY . ."],
        "go": ["COPY go.mod go.sum ./", "RUN go mod download", "COPY . .", "RUN CGO_ENABLED=0 go build -o out/app ./cmd/app"],
        "java": ["COPY pom.xml .", "COPY src src", "RUN ./mvnw -q package -DskipTests && mkdir out && mv target/*.jar out/app"],
        "rust": ["COPY Cargo.toml Cargo.lock ./", "COPY src src", "RUN cargo build --release && mv target/release/app out/app"],
        "static": ["COPY dist/ /usr/share/nginx/html/", "COPY nginx.conf /etc/nginx/nginx.conf"],
    }[one.language]  # fmt: skip
    if not one.careful():
        steps = [step.replace("--no-cache-dir ", "").replace("npm ci --omit=dev", "npm install") for step in steps]
        steps = [step.replace("COPY . .", "ADD . .") for step in steps]
    if one.often(0.2):
        steps = [*steps, "RUN curl -sSL https://get.example.com/install.sh | sh"]
    if one.often(0.15):
        steps = [*steps, "RUN cd /src && sudo chmod -R 777 ."]
    return steps


def compose(one: App) -> str:
    lines = ["services:", f"  {one.name}:", "    build: ."]
    lines += [f'    ports: ["{one.port}:{one.port}"]', "    environment:", "      LOG_LEVEL: debug"]
    lines += [f"      DATABASE_URL: postgres://app:{'${DB_PASSWORD}' if one.careful() else 'app'}@db:5432/app"]
    lines += ["    depends_on:", "      db: {condition: service_healthy}", "      cache: {condition: service_started}"]
    if one.careful():
        lines += ["    read_only: true", "    cap_drop: [ALL]", "    security_opt: ['no-new-privileges:true']"]
    else:
        lines += ["    privileged: true", "    volumes:", "      - /var/run/docker.sock:/var/run/docker.sock"]
    lines += ["  db:", f"    image: postgres:{'17.2' if one.careful() else 'latest'}"]
    lines += ["    environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: app, POSTGRES_DB: app}"]
    lines += ["    healthcheck:", "      test: [CMD-SHELL, pg_isready -U app]", "      interval: 5s"]
    lines += ["    volumes:", "      - data:/var/lib/postgresql/data", "  cache:", "    image: redis:8-alpine"]
    return "\n".join([*lines, "volumes:", "  data: {}"]) + "\n"


def _uses(one: App, action: str, version: str) -> str:
    if one.careful():
        return f"{action}@{one.chance.getrandbits(160):040x} # {version}"
    return f"{action}@{version}"


def workflow(one: App) -> str:
    setup = {"python": "setup-python", "node": "setup-node", "go": "setup-go", "java": "setup-java"}.get(one.language)
    lines = [f"name: {one.name}", "on:", "  push:", "    branches: [main]", f"    paths: [apps/{one.name}/**]"]
    lines.append("  pull_request:" if one.careful() else "  pull_request_target:")
    if one.careful():
        lines += [
            "permissions:",
            "  contents: read",
            "concurrency:",
            "  group: ${{ github.workflow }}-${{ github.ref }}",
        ]
    lines += ["jobs:", "  test:", "    runs-on: ubuntu-24.04", *(["    timeout-minutes: 20"] if one.careful() else [])]
    lines += ["    strategy:", "      matrix:", "        shard: [1, 2, 3]", "    steps:"]
    lines += [f"      - uses: {_uses(one, 'actions/checkout', 'v5')}"]
    if one.careful():
        lines += ["        with:", "          persist-credentials: false"]
    if setup is not None:
        lines += [f"      - uses: {_uses(one, f'actions/{setup}', 'v5')}", "        with:"]
        lines += [f"          {one.language}-version: '{_VERSIONS[one.language]}'"]
        lines += ["          distribution: temurin"] if one.language == "java" else []
    title = "${{ github.event.pull_request.title }}"
    said = 'echo "$TITLE"' if one.careful() else f'echo "{title}"'
    lines += ["      - name: Say what is built", f"        env: {{TITLE: '{title}'}}", f"        run: {said}"]
    lines += ["      - name: Test", f"        working-directory: apps/{one.name}", "        run: |"]
    lines += ["          make lint", "          make test SHARD=${{ matrix.shard }}"]
    lines += ["  image:", "    needs: [test]", "    if: github.ref == 'refs/heads/main'", "    runs-on: ubuntu-24.04"]
    lines += ["    permissions:", "      contents: read", f"      {'packages' if one.careful() else 'id-token'}: write"]
    lines += ["    outputs:", "      digest: ${{ steps.build.outputs.digest }}", "    steps:"]
    lines += [f"      - uses: {_uses(one, 'actions/checkout', 'v5')}"]
    lines += [
        f"      - uses: {_uses(one, 'docker/login-action', 'v3')}",
        "        with:",
        "          registry: ghcr.io",
    ]
    lines += ["          username: ${{ github.actor }}", "          password: ${{ secrets.GITHUB_TOKEN }}"]
    lines += [f"      - uses: {_uses(one, 'docker/build-push-action', 'v6')}", "        id: build", "        with:"]
    lines += [f"          context: apps/{one.name}", "          push: true", f"          tags: ghcr.io/acme/{one.name}"]
    return "\n".join(lines) + "\n"


def terraform(one: App) -> str:
    bucket = one.name.replace("-", "_")
    encrypted = (
        f'\nresource "aws_s3_bucket_server_side_encryption_configuration" "{bucket}" {{\n'
        f"  bucket = aws_s3_bucket.{bucket}.id\n  rule {{\n    apply_server_side_encryption_by_default {{\n"
        '      sse_algorithm = "aws:kms"\n    }\n  }\n}\n'
    )
    open_ = "0.0.0.0/0" if not one.careful() else "10.0.0.0/8"
    return (
        'terraform {\n  required_version = ">= 1.9"\n  required_providers {\n    aws = {\n'
        '      source  = "hashicorp/aws"\n      version = "~> 6.0"\n    }\n  }\n}\n\n'
        f'variable "environment" {{\n  type = string\n}}\n\nlocals {{\n  tags = {{\n    team    = "{one.team}"\n'
        f'    service = "{one.name}"\n  }}\n}}\n\n'
        f'resource "aws_s3_bucket" "{bucket}" {{\n  bucket = "acme-{one.name}-${{var.environment}}"\n'
        f"  tags   = local.tags\n}}\n{encrypted if one.careful() else ''}\n"
        f'resource "aws_security_group" "{bucket}" {{\n  name        = "{one.name}"\n'
        f'  description = "Traffic of {one.name}"\n\n  ingress {{\n    from_port   = {one.port}\n    to_port     = {one.port}\n'
        f'    protocol    = "tcp"\n    cidr_blocks = ["{open_}"]\n  }}\n}}\n\n'
        f'resource "aws_db_instance" "{bucket}" {{\n  identifier          = "{one.name}"\n  engine              = "postgres"\n'
        f'  instance_class      = "db.t4g.medium"\n  allocated_storage   = 50\n  storage_encrypted   = {"true" if one.careful() else "false"}\n'
        f'  publicly_accessible = {"false" if one.careful() else "true"}\n  username            = "app"\n'
        f'  password            = var.environment == "production" ? null : "{"" if one.careful() else "hunter2"}"\n}}\n'
    )
