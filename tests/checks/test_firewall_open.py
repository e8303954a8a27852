"""What the internet reaches through a firewall is called by its name."""

from __future__ import annotations

import pytest

from svc.checks.terraform.firewall_open import Params, check
from svc.targets.terraform.read import read_module

_GOOGLE = """
resource "google_compute_firewall" "a" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "%s"
  }
}
"""
_AZURE = """
resource "azurerm_network_security_rule" "a" {
  direction              = "Inbound"
  access                 = "Allow"
  protocol               = "%s"
  source_address_prefix  = "*"
  destination_port_range = "%s"
}
"""


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        (_GOOGLE % "tcp", "every port"),
        (_GOOGLE % "all", "every port"),
        (_GOOGLE % "icmp", "ICMP"),
        (_GOOGLE % "50", "ESP"),
        (_AZURE % ("Icmp", "*"), "ICMP"),
        (_AZURE % ("*", "*"), "every port"),
        (_AZURE % ("Tcp", "22"), "22"),
    ],
)
def test_a_protocol_without_ports_is_named(text: str, opened: str) -> None:
    ((_, message, *_),) = check(read_module({"main.tf": text}), Params())
    assert f" opens {opened} to " in message
