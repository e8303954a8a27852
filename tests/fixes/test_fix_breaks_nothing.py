"""What the file shows of what a fix would break: then it is refused, or waits for a review."""

from __future__ import annotations

import pytest

from fixing_samples import fixed, refused

DEBIAN = "FROM debian:13\n"


@pytest.mark.parametrize(
    ("policy", "lines", "why"),
    [
        ("package-lists-kept", "RUN apt-get update\nRUN apt-get install -y a\n", "installs nothing itself"),
        (
            "package-lists-kept",
            "RUN apt-get update && \\\n  apt-get install -y a\nRUN true && \\\n  apt install -y b\n",
            "a later RUN",
        ),
        ("package-lists-kept", "RUN apt-get update && apt-get install -y a && b &\n", "simply go on"),
        ("package-lists-kept", "RUN apt-get update && apt-get install -y a && exec b\n", "simply go on"),
        *(
            ("package-lists-kept", f"RUN apt-get update && apt-get install -y a\nRUN {later}\n", "a later RUN")
            for later in (
                "apt-get download hello",
                "apt-get source hello",
                "apt-cache policy hello",
                "apt-cache showpkg hello",
                "apt-file find bin/hello",
                "apt search hello",
                "cd /tmp && apt-get -qq reinstall hello",
            )
        ),
        ("apt-instead-of-apt-get", "RUN apt --no-list-cleanup a upgrade\n", "`a`"),
        ("apt-instead-of-apt-get", "RUN apt update $MORE upgrade\n", "as apt does"),
        ("apt-instead-of-apt-get", "RUN apt update && apt list --upgradable\n", "no `list`"),
        ("apt-instead-of-apt-get", "RUN apt -qq show a\n", "no `show`"),
        ("shell-form-command", "CMD cd /srv\n", "needs its shell"),
        ("shell-form-command", "CMD A=1 node x\n", "needs its shell"),
        ("shell-form-command", 'ENTRYPOINT java -jar a.jar\nCMD ["--help"]\n', "would become its arguments"),
    ],
)
def test_dockerfiles(policy: str, lines: str, why: str) -> None:
    assert why in refused(policy, DEBIAN + lines)


@pytest.mark.parametrize(
    ("policy", "old", "new"),
    [
        (
            "package-lists-kept",
            "RUN apt-get update && apt-get install -y a >&2\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n",
            None,
        ),
        ("apt-instead-of-apt-get", "RUN apt -y full-upgrade\n", "RUN apt-get -y full-upgrade\n"),
        ("apt-instead-of-apt-get", "RUN apt dist-upgrade -y\n", "RUN apt-get dist-upgrade -y\n"),
        ("apt-instead-of-apt-get", "RUN apt -y --with-new-pkgs upgrade\n", "RUN apt-get -y --with-new-pkgs upgrade\n"),
        ("apt-instead-of-apt-get", "RUN apt upgrade --without-new-pkgs\n", "RUN apt-get upgrade --without-new-pkgs\n"),
        (
            "apt-instead-of-apt-get",
            "RUN apt upgrade --no-new-pkgs -y && true\n",
            "RUN apt-get upgrade --no-new-pkgs -y && true\n",
        ),
        (
            "apt-instead-of-apt-get",
            "RUN apt -o APT::Get::Upgrade-Allow-New=false upgrade\n",
            "RUN apt-get -o APT::Get::Upgrade-Allow-New=false upgrade\n",
        ),
        (
            "apt-instead-of-apt-get",
            "RUN apt upgrade 2>&1 --without-new-pkgs && apt upgrade; echo --with-new-pkgs\n",
            "RUN apt-get upgrade 2>&1 --without-new-pkgs && apt-get upgrade --with-new-pkgs; echo --with-new-pkgs\n",
        ),
        (
            "apt-instead-of-apt-get",
            "RUN apt-get upgrade -y && apt update && apt upgrade -y && \\\n    apt -o A=b -qq \\\n upgrade\n",
            "RUN apt-get upgrade -y && apt-get update && apt-get upgrade --with-new-pkgs -y && \\\n    apt-get -o A=b -qq \\\n upgrade --with-new-pkgs\n",
        ),
        (
            "package-lists-kept",
            "RUN apt-get update && apt-get install -y a >&2\nRUN apt-get update && apt-cache policy b && rm -rf /var/lib/apt/lists/*\n",
            None,
        ),
        ("shell-form-command", "CMD gunicorn app\n", 'CMD ["gunicorn", "app"]\n'),
        (
            "maintainer-instruction",
            'MAINTAINER "Jo" $X <a@b>\n',
            'LABEL org.opencontainers.image.authors="\\"Jo\\" \\$X <a@b>"\n',
        ),
    ],
)
def test_dockerfiles_that_are_fixed(policy: str, old: str, new: str | None) -> None:
    wanted = old.replace(">&2\n", ">&2 && rm -rf /var/lib/apt/lists/*\n") if new is None else new
    assert fixed(policy, DEBIAN + old) == DEBIAN + wanted


JOB = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n"


@pytest.mark.parametrize(
    "step",
    [
        "run: git push",
        "run: gh release create v1",
        "run: git push https://x-access-token:${{ secrets.GITHUB_TOKEN }}@github.com/acme/x HEAD",
        "run: 'curl -X POST https://api.github.com/repos/acme/x/releases'",
        "run: ./gradlew build publish",
        "uses: actions/deploy-pages@v4",
        "uses: docker/login-action@v3\n        with: {registry: ghcr.io}",
        "uses: aws-actions/configure-aws-credentials@v4\n        with: {role-to-assume: x}",
    ],
)
def test_what_may_need_to_write_is_not_left_with_reading(step: str) -> None:
    text = f"{JOB}      - {step}\n"
    assert "more than `contents: read`" in refused("permissions-missing", text)
    said = text.replace("    steps", "    permissions: {contents: write}\n    steps")
    other = said + "  b:\n    runs-on: x\n    steps: [{run: make}]\n"
    assert fixed("permissions-missing", other) == other.replace("x\n", "x\n    permissions:\n      contents: read\n")


def test_a_workflow_that_is_called_may_need_to_write() -> None:
    called = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/release.yaml\n"
    assert "`./.github/workflows/release.yaml` may need more than `contents: read`" in refused(
        "permissions-missing", called
    )


def test_what_a_workflow_says_first_stands_first() -> None:
    text = "name: a\non:\n  push:\n\n" + JOB[JOB.index("jobs:") :]
    new = fixed("job-timeout-missing", text)
    assert new == text.replace("24.04\n", "24.04\n    timeout-minutes: 360\n")
    new = fixed("permissions-missing", text)
    assert new == text.replace("push:\n", "push:\npermissions:\n  contents: read\n")
    flow = "{on: push, jobs: {a: {runs-on: x, steps: [{run: y}]}}}\n"
    assert fixed("job-timeout-missing", flow) == flow.replace("runs-on: x", "runs-on: x, timeout-minutes: 360")


def test_an_env_that_would_be_empty_goes() -> None:
    text = JOB.replace("    steps", "    env:\n      ACTIONS_STEP_DEBUG: true  # for now\n    steps")
    assert fixed("debug-on", text) == JOB


@pytest.mark.parametrize(
    ("policy", "service", "why"),
    [
        ("compose-container-name", "container_name: cache\n    environment: [CACHE=cache:6379]", "elsewhere too"),
        ("compose-links", "links: [b, 'c:cache']", "another name"),
    ],
)
def test_compose_files(policy: str, service: str, why: str) -> None:
    assert why in refused(policy, f"services:\n  a:\n    {service}\n")


def test_a_check_that_is_switched_off_is_not_waited_for() -> None:
    text = (
        "services:\n  a:\n    depends_on: [b, c]\n  b: {healthcheck: {test: [CMD, x]}}\n"
        "  c: {healthcheck: {disable: true}}\n"
    )
    new = fixed("compose-starts-too-early", text)
    assert "{b: {condition: service_healthy}, c: {condition: service_started}}" in new
