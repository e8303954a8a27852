"""Labels that an organisation demands, each form with values that fit and values that do not."""

from __future__ import annotations

import pytest

from svc.checks.docker.label_schema import FORMS, Params, check
from svc.source import Source
from svc.targets.docker.read import read_dockerfile


def found(text: str, params: Params) -> list[tuple[int, str]]:
    file = read_dockerfile(Source("Dockerfile", text)).dockerfile
    return [(int(str(said[0][1])), said[1]) for said in check(file, params)]


GOOD = {
    "text": ["a b"],
    "url": ["https://example.com", "http://example.com/a?b"],
    "time": ["2027-03-31T12:00:00Z", "2027-03-31T12:00:00.5+02:00"],
    "spdx": ["Apache-2.0", "MIT OR (Apache-2.0 AND BSD-3-Clause)", "GPL-2.0+ WITH Classpath-exception-2.0"],
    "hash": ["0123abc", "a" * 40],
    "semver": ["1.2.3", "1.0.0-rc.1+build.5"],
    "email": ["team@example.com"],
}
BAD = {
    "text": [" "],
    "url": ["example.com", "ftp://example.com"],
    "time": ["2027-03-31", "yesterday"],
    "spdx": ["Apache 2.0", "MIT OR"],
    "hash": ["main", "g" * 40, "a" * 39],
    "semver": ["1.2", "v1.2.3", "01.2.3"],
    "email": ["team", "a@b"],
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_forms(form: str) -> None:
    for value, wrong in [*((one, False) for one in GOOD[form]), *((one, True) for one in BAD[form])]:
        messages = found(f'FROM a\nLABEL key="{value}"\n', Params(labels={"key": form}))
        assert bool(messages) is wrong, (value, messages)


def test_the_final_image_is_judged_with_the_stages_it_is_built_on() -> None:
    text = "FROM a AS base\nLABEL team=shop\nFROM b AS other\nLABEL owner=x\nFROM base\nLABEL extra=1 version=$V\n"
    params = Params(labels={"team": "text", "owner": "text", "version": "semver"}, closed=True)
    assert found(text, params) == [
        (5, "label `extra` is none of owner, team, version"),
        (4, "the image has no label `owner`"),
    ]
    assert found(text, Params(optional={"team": "/[A-Z]+/"})) == [
        (1, "label `team` is `shop`, which is not of the form /[A-Z]+/")
    ]
    assert found("# nothing\n", params) == []
