"""Puts this folder on the import path: `samples` and `sample_parts` are shared by the tests of all targets."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of svc.
settings.register_profile("svc", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("svc")


@pytest.fixture(scope="session", autouse=True)
def _cache_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """No test reads or fills the user's cache."""
    before = os.environ.get("SVC_CACHE_DIR")
    os.environ["SVC_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("SVC_CACHE_DIR")
    if before is not None:
        os.environ["SVC_CACHE_DIR"] = before


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """The collector of cycles no longer looks at what stays to the end, and seldom at the rest: a fifth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that is skipped has failed: a program is missing that `make tools` should have built.

    `tests/test_tools.py` asks which version of a tool is there, and says so of the machine's own.
    """
    report = yield
    if (
        report.skipped
        and os.environ.get("CI")
        and item.path.name != "test_tools.py"
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The score of the mutations, wherever they ran."""
    reports = [one for status in ("passed", "failed") for one in terminalreporter.getreports(status)]
    parts = [value for one in reports for name, value in one.user_properties if name == "mutations"]
    if parts:
        from generated.scores import table

        terminalreporter.section("mutations")
        for line in table(parts):
            terminalreporter.write_line(line)
