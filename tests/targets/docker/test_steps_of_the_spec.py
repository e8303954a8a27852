"""Steps that the spec has a build run: where they run, what they see, and what follows them."""

from __future__ import annotations

import pytest
from docker_cases import service
from stages_of_cases import commands, stages

from svc.targets.docker import target as docker
from svc.targets.docker.render import render


@pytest.mark.parametrize("prepare", ["make a", "make a; make b"])
def test_a_step_of_the_spec_and_what_follows_it_are_one_layer(prepare: str) -> None:
    (run,) = [one for one in stages("go", prepare=prepare)["dev"].instructions if "make a" in one.shell]
    assert run.shell.split(" && ") == [prepare, "go build -o /app/checkout ./cmd/checkout"]


@pytest.mark.parametrize("prepare", ["make a\nmake b", "make a # and b", "make a &"])
def test_what_follows_a_step_of_the_spec_is_no_part_of_it(prepare: str) -> None:
    """Not of its comment; and behind a here-document it would be run instead of the text in it."""
    (run,) = [one for one in stages("go", prepare=prepare)["dev"].instructions if one.heredocs]
    assert run.args == ("<<'EOF'",)
    assert run.heredocs[0].text == f"set -e\n{prepare}\ngo build -o /app/checkout ./cmd/checkout"


@pytest.mark.parametrize("prepare", ["cd web; cd gen && make", "make a && exit 0", "make a; . ./vars", "export A=1"])
def test_what_follows_a_step_of_the_spec_does_not_see_what_it_does_to_its_shell(prepare: str) -> None:
    (run,) = [one for one in stages("go", prepare=prepare)["dev"].instructions if prepare in one.shell]
    assert run.args[0] == f"({prepare})\n&& go build -o /app/checkout ./cmd/checkout"
    lines = prepare.replace(" && ", "\n").replace("; ", "\n") + "\nmake b"
    (script,) = [one.heredocs[0] for one in stages("go", prepare=lines)["dev"].instructions if one.heredocs]
    assert script.text == f"set -e\n(\n{lines}\n)\ngo build -o /app/checkout ./cmd/checkout"


WITHIN = {
    "go": ("/src", ("sources", "dev")),
    "python-uv": ("/app", ("build", "dev")),
    "java-spring": ("/src", ("build",)),
    "rails": ("/app", ("build", "dev")),
    "rust": ("/src", ("base",)),
    "node-npm": ("/app", ("sources",)),
    "static": ("/src", ("build",)),
}


@pytest.mark.parametrize("case", WITHIN)
@pytest.mark.parametrize("folder", ["web", "./web/", "web/.", "tools/../web"])
def test_a_step_that_begins_with_cd_has_a_working_directory_of_its_own(case: str, folder: str) -> None:
    """What follows it is where it would be without the step."""
    home, names = WITHIN[case]
    found = stages(case, prepare=f"cd {folder} && npm ci && npm run build:js")
    for name in names:
        made = found[name].instructions
        (at,) = [index for index, one in enumerate(made) if one.shell == "npm ci && npm run build:js"]
        assert [one.args for one in (made[at - 1], made[at + 1])] == [(f"{home}/web",), (home,)]
        assert {made[at - 1].keyword, made[at + 1].keyword} == {"WORKDIR"}


@pytest.mark.parametrize(
    "command", ["cd web && make && cd ..", 'cd "$HOME" && make', "cd web\nmake", "cdx web && make"]
)
def test_other_ways_into_a_folder_stay_in_the_command(command: str) -> None:
    made = stages("rust", prepare=command)["base"].instructions
    assert [one.args for one in made if one.keyword == "WORKDIR"] == [("/src",)]
    assert any(command in one.shell for one in made)


def test_tests_that_begin_with_cd_have_a_working_directory_of_their_own() -> None:
    made = stages("go", test="cd web && npm test")["test"].instructions
    assert [one.args for one in made[1:]] == [("/src/web",), ("npm test",)]


@pytest.mark.parametrize("prepare", ["bundle exec rake a", "npm run export", "./set up", "make exit"])
def test_words_that_only_look_like_those_of_the_shell_are_left(prepare: str) -> None:
    (run,) = [one for one in stages("go", prepare=prepare)["dev"].instructions if prepare in one.shell]
    assert run.args[0].startswith(f"{prepare}\n&& ")


def test_hadolint_reads_what_follows_a_here_document() -> None:
    artifact = docker.lower(service("go", prepare="make a\nmake b")).artifact
    text = render(artifact).files["Dockerfile"]
    assert "EOF\n\nWORKDIR" in text


def test_steps_of_the_spec_find_poetry() -> None:
    text = "\n".join(commands(stages("python-poetry", test="poetry run pytest")["deps"]))
    assert "ln -s /opt/poetry/bin/poetry /usr/local/bin/poetry" in text
