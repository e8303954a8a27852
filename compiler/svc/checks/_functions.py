"""Terraform's functions and what they take, as `terraform metadata functions` has it, and where they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svc.diagnostics import Route
from svc.targets.terraform.references import attributes
from svc.targets.terraform.types import Module, Value

_TEXT = """
    abs:n abspath:s alltrue:l anytrue:l base64decode:s base64encode:s base64gunzip:s base64gzip:s base64sha256:s
    base64sha512:s basename:s bcrypt:sn* can:d ceil:n chomp:s chunklist:ln cidrcontains:ss cidrhost:sn cidrnetmask:s
    cidrsubnet:snn cidrsubnets:sn* coalesce:d* coalescelist:d* compact:l concat:d* contains:dd csvdecode:s dirname:s
    distinct:l element:dn endswith:ss ephemeralasnull:d file:s filebase64:s filebase64sha256:s filebase64sha512:s
    fileexists:s filemd5:s fileset:ss filesha1:s filesha256:s filesha512:s flatten:d floor:n format:sd*
    formatdate:ss formatlist:sd* indent:ns index:dd issensitive:d join:sl* jsondecode:s jsonencode:d keys:d length:d
    log:nn lookup:dsd* lower:s matchkeys:lll max:n* md5:s merge:d* min:n* nonsensitive:d one:d parseint:dn
    pathexpand:s plantimestamp: pow:nn range:n* regex:ss regexall:ss replace:sss reverse:d rsadecrypt:ss sensitive:d
    setintersection:ll* setproduct:d* setsubtract:ll setunion:ll* sha1:s sha256:s sha512:s signum:n slice:dnn sort:l
    split:ss startswith:ss strcontains:ss strrev:s substr:snn sum:d templatefile:sd templatestring:sd
    textdecodebase64:ss textencodebase64:ss timeadd:ss timecmp:ss timestamp: title:s tobool:d tolist:d tomap:d
    tonumber:d toset:d tostring:d transpose:m trim:ss trimprefix:ss trimspace:s trimsuffix:ss try:d* upper:s
    urldecode:s urlencode:s uuid: uuidv5:ss values:d yamldecode:s yamlencode:d zipmap:ld
"""
"""By name: a text, a number, a list, a mapping or anything for each argument, the last of which a `*` repeats from none on."""
SIGNATURES: Mapping[str, str] = {name: takes for name, _, takes in (one.partition(":") for one in _TEXT.split())}
NAMES = frozenset({*SIGNATURES, "convert", "defaults", "list", "map", "type"})
"""Of Terraform up to 1.15 and OpenTofu up to 1.12, those that are gone included."""
FORMS: Mapping[str, str] = {"s": "a text", "n": "a number", "l": "a list", "m": "a mapping"}
_TYPED = ("variable", "output")
"""Their types look like calls."""


def calling(module: Module) -> Iterator[tuple[Route, Value]]:
    """The values in which a call is one of a function."""
    for block in module.blocks():
        for owner, part, route in attributes(block, block.address):
            if part.name != "type" or owner.type not in _TYPED:
                yield route, part.value
