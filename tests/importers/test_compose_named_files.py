"""Files that a compose project names: those that it includes, `.env`, `env_file`, and variables that they give."""

from __future__ import annotations

import pytest

from importers.accounts import fate_of, spec_of
from importers.imported import compose
from svc.importers.compose_files import variables
from svc.importers.interpolate import interpolate
from svc.importers.ledger import units
from svc.parse import parse
from svc.source import Source


def test_included_files_are_imported_along() -> None:
    files = {
        "infra/db.yaml": "include: more.yaml\nservices: {cache: {image: 'acme/redis:${TAG}', expose: ['6379']}}\n",
        "infra/more.yaml": "services: {mail: {build: ./mail, expose: ['25'], env_file: m.env}}\n",
        "infra/.env": "TAG=7\n",
        "infra/m.env": "A=1\n",
    }
    made = compose(
        "include: [infra/db.yaml, {path: [gone.yaml]}]\n"
        "services: {web: {image: 'a:1', environment: {R: 'redis://cache:6379', M: 'mail:25'}}}\n",
        files=files,
    )
    assert [one.name for one in made.drafts] == ["web", "cache", "mail"]
    assert spec_of(made, "web")["env"] == {"R": "redis://${services.cache.redis}", "M": "${services.mail.http}"}
    assert spec_of(made, "cache")["image"] == "acme/redis:7"
    assert (made.drafts[2].folder, spec_of(made, "mail")["env"]) == ("infra/mail", {"A": "1"})
    assert fate_of(made, "include", 0)[0] == "default"
    assert fate_of(made, "include", 1, "path", 0)[0] == "dropped"
    for name in ("infra/db.yaml", "infra/more.yaml"):
        (document,) = parse(Source(name, files[name])).documents
        assert [one.route for one in made.entries if one.file == name] == list(units(document))


def test_an_included_file_that_cannot_be_read_is_named_with_its_line() -> None:
    files = {
        "db/broken.yaml": "services:\n  db:\n    image: a:1\n   ports: []\n",
        "db/twice.yaml": "services:\n  db:\n    image: a:1\n    image: a:2\n",
        "db/none.yaml": "- a\n",
    }
    made = compose(f"include: [{', '.join(files)}]\nservices: {{web: {{image: 'a:1'}}}}\n", files=files)
    reasons = [str(fate_of(made, "include", index)[-1]) for index in range(3)]
    assert reasons[0].startswith("db/broken.yaml:4 cannot be read: "), reasons
    assert reasons[1] == "db/twice.yaml:4 cannot be read: `image` is given twice in the same mapping"
    assert reasons[2] == "db/none.yaml is no compose file"


def test_files_of_one_folder_are_one_project() -> None:
    made = compose(
        "services: {web: {image: 'a:1', ports: ['80'], environment: {A: '1', B: '1'}, command: [one]}}",
        "services: {web: {ports: ['81'], environment: {B: '2'}, command: [two]}, more: {image: 'm:1'}}",
    )
    assert [one.name for one in made.drafts] == ["web", "more"]
    data = spec_of(made, "web")
    assert (data["env"], data["args"], list(data["ports"].values())) == ({"A": "1", "B": "2"}, ["two"], [80, 81])


def test_values_of_dotenv_but_no_secrets() -> None:
    made = compose(
        "services: {web: {image: 'a:${TAG}', command: [run, '--pass=${DB_PASSWORD}', '--level=$LEVEL'],"
        " environment: {URL: 'http://${HOST}', DB_PASSWORD: '${DB_PASSWORD}', X: '${Y}'}}}",
        files={".env": "TAG=5\nDB_PASSWORD=verysecret1\nLEVEL=info\nHOST='shop.example.com'\n"},
    )
    data = spec_of(made, "web")
    assert (data["image"], data["args"]) == ("a:5", ["run", "--pass=${secrets.DB_PASSWORD}", "--level=info"])
    assert data["env"] == {"URL": "http://shop.example.com", "X": ""}
    assert data["secrets"] == {"DB_PASSWORD": {"from": "web/db-password"}}
    assert "verysecret1" not in made.drafts[0].text()


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("${A:-b}", {}, ("b", ())),
        ("${A:-${B:-c}}x", {}, ("cx", ())),
        ("${A:-${B}}", {}, ("", ("B",))),
        ("${A-b}", {"A": ""}, ("", ())),
        ("${A:-b}", {"A": ""}, ("b", ())),
        ("${A:?must be ${set}}", {}, ("", ("A",))),
        ("${A?x}", {"A": "1"}, ("1", ())),
        ("${A:+b}${C+d}", {"A": "1"}, ("b", ())),
        ('${A:-{"a": 1}}', {}, ('{"a": 1}', ())),
        ("$$A $A ${A}$", {"A": "x"}, ("$A x x$", ())),
        ("${bad $1 ${2}", {}, ("${bad $1 ${2}", ())),
    ],
)
def test_variables_are_put_in_as_compose_does(
    text: str, values: dict[str, str], expected: tuple[str, tuple[str, ...]]
) -> None:
    assert interpolate(text, values) == expected


def test_files_of_variables_are_read_as_compose_does() -> None:
    text = 'A=1\nexport B = "two\nlines" # c\nC=\'$A\'\nD=${A}x # z\n#E=1\nF=\nG: yaml\nH="a\\"b"\nI=a#b\nno line\n'
    expected = {"A": "1", "B": "two\nlines", "C": "$A", "D": "1x", "F": "", "G": "yaml", "H": 'a"b', "I": "a#b"}
    assert variables(text, {}) == expected
    assert variables("A='$x' # y\n", {}, raw=True) == {"A": "'$x' # y"}
