"""Any service and any small workspace: files or a diagnostic, no faults, nothing that the policies refuse, the same bytes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from generated.specs import World, repaired, worlds
from judges import real
from svc.diagnostics import Severity
from svc.pipeline import Compiled, Request, compile_
from svc.write import execute, plan
from test_surroundings import VARIED, Surroundings, locales

EXAMPLES = int(os.environ.get("SVC_EXAMPLES", "15"))
SEED = os.environ.get("SVC_SEED", "")
"""A number for worlds that no other run has made; without it they are always the same."""
NIGHTLY = EXAMPLES > 15
ROUNDS = 5
JUDGED = ("docker", "helm", "github")
ASKED = {
    "dangerous-capability",  # the language has a field for it
    "exposed-without-tls",  # `tls: false` says so
}
OWN = {
    "base-image-latest",  # `FROM busybox`
    "image-runs-as-root",  # no USER
}
"""What is wrong with the user's own Dockerfile, which lies in every world and which some specs name."""
AROUND = 8 if NIGHTLY else 1
"""Processes that make the worlds again, each with everything around it drawn anew."""
thorough = settings(
    max_examples=EXAMPLES,
    phases=(Phase.generate,),
    derandomize=not SEED,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def seeded(test: Callable[..., None]) -> Callable[..., None]:
    return seed(int(SEED))(test) if SEED else test


def compiled(world: World, root: Path) -> Compiled:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    paths = (world.write(root),)
    return compile_(Request(paths=paths, shown=lambda one: one.relative_to(root).as_posix(), today=date(2026, 1, 1)))


def valid(world: World, root: Path) -> tuple[World, Compiled]:
    """The world without what svc says is wrong with it, and its files."""
    found = compiled(world, root)
    for _ in range(ROUNDS):
        said = [one.place for one in found.diagnostics if one.severity == Severity.ERROR and not one.policy]
        if not said:
            break
        world = repaired(world, [(place.file.partition("/")[0], place.route) for place in said])
        found = compiled(world, root)
    return world, found


def texts(found: Compiled) -> dict[str, str]:
    return {one.path: one.text for one in found.outputs}


def _kept(folder: Path, world: World, dice: int) -> World | None:
    """The world, when it compiles and keeps every promise of one process."""
    world, found = valid(world, folder / "one")
    assert found.faults == ()
    assert bool(found.outputs) != found.failed
    refused = [one for one in found.diagnostics if one.policy and one.severity == Severity.ERROR and one.counts]
    own = [one for one in refused if one.place.file.endswith("/Dockerfile")]
    assert {one.id for one in own} <= OWN
    assert {one.id for one in refused if one not in own} <= ASKED
    again = compiled(world, folder / "one")
    assert texts(again) == texts(found)
    assert again.diagnostics == found.diagnostics
    other = compiled(world.permuted(random.Random(dice).shuffle), folder / "one")
    assert texts(other) == texts(found)
    return None if found.failed else world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    """Worlds that compile, each having kept every promise of one process."""
    found: list[World] = []
    folder = tmp_path_factory.mktemp("worlds")

    @seeded
    @thorough
    @given(world=worlds(), dice=st.integers(0, 999))
    def every(world: World, dice: int) -> None:
        kept = _kept(folder, world, dice)
        if kept is not None:
            found.append(kept)

    every()
    return found


def test_any_world_gives_files_or_says_why_not(made: list[World]) -> None:
    assert len(made) >= EXAMPLES // 3, "the strategy makes too few valid services"
    assert any(one.workspace for one in made)
    assert any(len(one.specs) > 1 for one in made)
    assert any("environments" in spec for one in made for spec in one.specs)


def _drawn(number: int, place: Path) -> Surroundings:
    """Of each thing that the real services are tried with, one; and any hash seed."""
    dice = random.Random(f"{SEED} {number}")
    every = list(VARIED.values())
    environment = {"PYTHONHASHSEED": str(dice.randrange(2**32)), "TZ": dice.choice(ZONES)}
    for key in sorted({key for one in every for key in one.env} - {"PYTHONHASHSEED", "TZ", "PYTHONUTF8"}):
        value = dice.choice([None, *(one.env[key] for one in every if key in one.env)])
        environment |= {key: value} if value is not None else {}
    locale = dice.choice([one.locale for one in every]) if shutil.which("localedef") and NIGHTLY else None
    if locale is not None:
        environment |= {"LOCPATH": locales(place, *locale), "LC_ALL": ".".join(locale)}
    options = dice.choice([one.options for one in every])
    return Surroundings(
        environment, options, umask=dice.choice([one.umask for one in every]), linked=dice.random() < 0.5
    )


ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Antarctica/Troll", "nowhere")


@pytest.mark.parametrize("number", range(AROUND))
def test_another_process_makes_the_same_bytes(number: int, made: list[World], tmp_path: Path) -> None:
    """With another hash seed, locale, time zone, working directory, umask, terminal, and what else is around."""
    around = _drawn(number, tmp_path)
    batch = made[number % AROUND :: max(1, len(made) // 20)]
    for number, world in enumerate(batch):
        (tmp_path / str(number)).mkdir()
        world.write(tmp_path / str(number))
    ours = [texts(_again(tmp_path / str(number))) for number in range(len(batch))]
    (tmp_path / "link").symlink_to(tmp_path)
    with tempfile.TemporaryDirectory() as elsewhere:
        paths = os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one)
        place = str(tmp_path / "link" if around.linked else tmp_path)
        command = [sys.executable, "-X", "utf8", *around.options, str(Path(__file__).resolve()), place, str(len(batch))]
        usual = {"PATH": os.environ["PATH"], "PYTHONPATH": paths, "LC_ALL": "C.UTF-8"}
        environment = {**usual, **{key: value for key, value in around.env.items() if value is not None}}
        done = subprocess.run(
            command,
            cwd=elsewhere,
            env=environment,
            umask=around.umask,
            capture_output=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()
    theirs = json.loads(done.stdout)
    assert [_differing(one, other) for one, other in zip(ours, theirs, strict=True)] == [{}] * len(ours), around


def _differing(ours: dict[str, str], theirs: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    paths = sorted({*ours, *theirs})
    return {path: (ours.get(path), theirs.get(path)) for path in paths if ours.get(path) != theirs.get(path)}


def _again(root: Path) -> Compiled:
    return compile_(Request(paths=(root,), shown=lambda one: one.name, today=date(2026, 1, 1)))


def _built(world: World) -> int:
    return sum("language" in (spec.get("build") or {}) for spec in world.specs)


@pytest.mark.tools
@pytest.mark.slow
def test_the_real_programs_have_nothing_to_say(made: list[World], tmp_path: Path) -> None:
    """Helm, kubeconform, hadolint, BuildKit's checker, actionlint and zizmor: over everything when SVC_EXAMPLES asks
    for more, else over a few."""
    for name in ("helm", "kubeconform", "hadolint", "dockerlint", "actionlint"):
        real.located(name)
    for number, world in enumerate(made if NIGHTLY else [max(made, key=_built)]):
        root = tmp_path / str(number)
        found = compiled(world, root)
        execute(plan(root, found.outputs, (), force=True))  # over the Dockerfile that lies in every world
        for piece in found.pieces:
            judged = piece.target.judge([piece.artifact], root, real.box()) if piece.name in JUDGED else ()
            assert not [one for one in judged if one.faults], world
        shutil.rmtree(root)


if __name__ == "__main__":
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    sys.stdout.write(json.dumps([texts(_again(folder / str(number))) for number in range(count)]))
