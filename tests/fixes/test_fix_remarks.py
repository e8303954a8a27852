"""Remarks keep their owner when something is added beside them, and go with the item that they speak of."""

from __future__ import annotations

import pytest

from fixing_samples import fixed

STEPS = "    steps:\n      - run: make\n"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("on:\n  push:\n    branches: [main]\n  # nightly\n  # - cron\n", "\nenv:\n  A: b\n"),
        ("on:\n  push:\n\n  # nightly\n", ""),
        ("on:\n- push\n# - schedule\n#   nightly\n", "# what it does\n"),
        ("on:\n- push\n", "# what it does\n"),
        ("on: push\n", "# - a list in a remark\n"),
        ("on: push  # always\n", "# what it does\n"),
        ("on: {push: {}}\n  # nightly\n", "\n# what it does\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_added_stands_below_the_remarks_on_what_is_there(above: str, below: str, end: str) -> None:
    text = f"{above}{below}jobs:\n  a:\n    runs-on: x\n{STEPS}"
    wanted = text.replace(above, f"{above}permissions:\n  contents: read\n", 1)
    assert fixed("permissions-missing", text.replace("\n", end)) == wanted.replace("\n", end)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("    runs-on:\n      group: big\n      # labels: [x]\n", "    # what it does\n"),
        ("    runs-on:\n    - big\n    # - small\n", ""),
        ("    runs-on: big\n", "    # what it does\n"),
    ],
)
def test_a_job_too(above: str, below: str) -> None:
    text = f"on: push\njobs:\n  a:\n{above}{below}{STEPS}"
    assert fixed("job-timeout-missing", text) == text.replace(above, f"{above}    timeout-minutes: 360\n")


def test_a_last_line_without_a_break() -> None:
    text = f"jobs:\n  a:\n    runs-on: x\n{STEPS}on:\n  push:\n  # nightly"
    assert fixed("permissions-missing", text) == f"{text}\npermissions:\n  contents: read"


HEAD = "services:\n  a:\n    image: x\n    security_opt:\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      # a\n      - seccomp:unconfined\n      # b\n      - c:d\n", "      # b\n      - c:d\n"),
        ("      # b\n      - c:d\n      # a\n      # a too\n      - seccomp:unconfined\n", "      # b\n      - c:d\n"),
        ("      - c:d\n      # a\n      - seccomp:unconfined\n      - e:f\n", "      - c:d\n      - e:f\n"),
        ("      - seccomp:unconfined\n        # a\n      - c:d\n", "      - c:d\n"),
        ("    - c:d\n    # a\n    - seccomp:unconfined # b\n\n    # tail\n", "    - c:d\n\n    # tail\n"),
        ("      # all\n      - seccomp:unconfined\n      - c:d\n", "      # all\n      - c:d\n"),
        ("      - c:d\n      # - e:f\n      - seccomp:unconfined\n", "      - c:d\n      # - e:f\n"),
        (
            "      # all\n      - seccomp:unconfined\n      # - e:f\n      - c:d\n",
            "      # all\n      # - e:f\n      - c:d\n",
        ),
    ],
)
def test_a_remark_goes_with_the_item_that_it_speaks_of(old: str, new: str) -> None:
    end = "    restart: always\n  # b: {}\n"
    assert fixed("compose-confinement-off", HEAD + old + end) == HEAD + new + end


def test_what_stands_above_the_first_key_of_a_file_stays() -> None:
    text = "# Copyright Acme\nversion: '3'\n# what runs\nservices:\n  a: {image: x}\n"
    assert fixed("compose-version-key", text) == text.replace("version: '3'\n", "")
    text = "services:\n  a: {image: x}\n# the old form\nversion: '3'\n"
    assert fixed("compose-version-key", text) == "services:\n  a: {image: x}\n"
