"""Ranges of addresses in a chart's checks: Helm and our reader see in them the bits that Python's `ipaddress` sees."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from typing import Any

import pytest

import samples
from judges import real
from svc import tools
from svc.fits import fitting
from svc.parse import parse_one
from svc.source import Source
from svc.targets.helm import target as helm
from svc.targets.helm.api_rules import RULES
from svc.targets.helm.checks import message
from svc.targets.helm.read import to_yaml
from svc.targets.helm.refusals import refused
from svc.targets.helm.template import Engine
from svc.targets.helm.texts import helpers
from svc.targets.helm.types import Chart, Inside
from svc.targets.helm.validate import validations

CHECK = Inside(("open", "to"), "to")


def _addresses() -> list[str]:
    draw = random.Random(4)
    found = [f"{IPv4Address(draw.getrandbits(32))}/{draw.randint(0, 32)}" for _ in range(60)]
    for _ in range(120):
        number = draw.getrandbits(128)
        for _ in range(draw.randint(0, 4)):
            number &= ~(0xFFFF << 16 * draw.randint(0, 7))
        address = IPv6Address(number)
        found.append(
            f"{draw.choice([address.compressed, address.exploded, str(address).upper()])}/{draw.randint(0, 128)}"
        )
    return [*found, "::/0", "::1/128", "1::/16", "0.0.0.0/0"]


def _is_six(text: str) -> bool:
    try:
        return IPv6Address(text) is not None
    except ValueError:
        return False


def test_the_schema_takes_addresses_alone() -> None:
    """Those of IPv6 with any of their groups left out, too long, too many or too few."""
    block = fitting({"allOf": RULES["IPBlock"]})
    draw = random.Random(8)
    kinds = set()
    for _ in range(3000):
        groups = draw.choices(["", "1", "0", "aBcd", "F0"], [draw.randint(0, 2), 9, 2, 2, 2], k=draw.randint(1, 9))
        groups += draw.choices([[], ["12345"], ["g"]], [9, 1, 1])[0]
        text = ":".join(groups)
        assert block({"cidr": f"{text}/64"}) is _is_six(text), text
        kinds.add((_is_six(text), "::" in text))
    assert len(kinds) == 4
    assert all(block({"cidr": one}) for one in _addresses())


def _bits(range_: str) -> str:
    network = ip_network(range_, strict=False)
    address = type(network.network_address)(range_.partition("/")[0])
    return f"{network.version}{int(address):0{network.max_prefixlen}b}"


def _chart() -> Chart:
    made = helm.lower(samples.unit(samples.web)).artifact
    assert isinstance(made, Chart)
    return replace(made, name="reader", checks=(CHECK,))


def _helm(folder: Path, template: str, values: Any = None) -> tools.Completed:
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: reader, version: 1.0.0}\n", "utf-8")
    (folder / "templates" / "_helpers.tpl").write_text(helpers(_chart()), "utf-8")
    (folder / "templates" / "read.yaml").write_text(template, "utf-8")
    (folder / "values.yaml").write_text(json.dumps(values or {}), "utf-8")
    return tools.run(real.located("helm"), ["template", "reader", "."], cwd=folder)


def test_the_bits_of_an_address(tmp_path: Path) -> None:
    wanted = {one: _bits(one) for one in _addresses()}
    template = "\n".join(f'{json.dumps(one)}: "{{{{ include "reader.bits" {json.dumps(one)} }}}}"' for one in wanted)
    done = _helm(tmp_path / "chart", template)
    assert done.returncode == 0, done.stderr
    assert parse_one(Source("", done.stdout)).documents[0].data == wanted
    engine = Engine({}, to_yaml)
    engine.define(helpers(_chart()), "reader")
    assert {one: engine.include("reader.bits", one) for one in wanted} == wanted


@pytest.mark.parametrize(
    ("cidr", "excepted", "fits"),
    [
        ("10.0.0.0/8", "10.200.0.0/16", True),
        ("10.0.0.0/8", "10.0.0.0/8", False),
        ("10.0.0.0/9", "10.200.0.0/16", False),
        ("10.0.0.0/16", "10.0.0.0/8", False),
        ("0.0.0.0/0", "169.254.169.254/32", True),
        ("0.0.0.0/0", "::/1", False),
        ("::/0", "128.0.0.0/1", False),
        ("fd00::/8", "FDFF:1::/32", True),
        ("fd00::/8", "fe80::/16", False),
    ],
)
def test_what_is_excepted_lies_inside(cidr: str, excepted: str, fits: bool, tmp_path: Path) -> None:
    block = {"cidr": cidr, "except": ["10.0.0.0/9" if cidr == "10.0.0.0/8" else excepted, excepted]}
    values = {"open": {"to": [{"to": [{"podSelector": {}}, {"ipBlock": {"cidr": cidr}}, {"ipBlock": block}]}]}}
    said = next(refused(CHECK, values), "")
    assert bool(said) is not fits
    done = _helm(tmp_path / "chart", validations(_chart()), values)
    assert (done.returncode == 0) is fits
    assert said in done.stderr
    assert not said or said == message(CHECK).replace("%v", excepted, 1).replace("%v", cidr, 1)
