"""A call of a function that neither Terraform nor OpenTofu has, with a name like one of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.suggest import close
from svc.targets.terraform.references import TRIED, attributes, certain, of_key
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.types import Call, Expr, Module, Object, Value

APART = True
_NAMES = """
    abs abspath alltrue anytrue base64decode base64encode base64gunzip base64gzip base64sha256 base64sha512 basename
    bcrypt can ceil chomp chunklist cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist compact
    concat contains convert csvdecode defaults dirname distinct element endswith ephemeralasnull file filebase64
    filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten floor format
    formatdate formatlist indent index issensitive join jsondecode jsonencode keys length list log lookup lower map
    matchkeys max md5 merge min nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace
    reverse rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort
    split startswith strcontains strrev substr sum templatefile templatestring textdecodebase64 textencodebase64 timeadd
    timecmp timestamp title tobool tolist tomap tonumber toset tostring transpose trim trimprefix trimspace trimsuffix try
    type upper urldecode urlencode uuid uuidv5 values yamldecode yamlencode zipmap
"""
_FUNCTIONS = frozenset(_NAMES.split())
"""Of Terraform up to 1.15 and OpenTofu up to 1.12, those that are gone included."""
_TYPED = ("variable", "output")
"""Their types look like calls."""
_CONVERT = "convert"
_TYPES = frozenset({"set", "list", "map", "tuple", "object", "optional", "any", "number", "string", "bool"})
"""What types look like that `convert` is given."""
_WORDS = frozenset({"if", "in", "for", "else", "endif", "endfor"})
_CALL = regex(r"(?<![\w.:-])([A-Za-z_][A-Za-z0-9_]*)\(")
"""Functions of providers have a `::` before their name."""


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        for owner, part, route in attributes(block, block.address):
            if part.name == "type" and owner.type in _TYPED:
                continue
            called = dict.fromkeys(_called(part.value))
            types = _TYPES if _CONVERT in called else ()
            for name in called:
                if name in _FUNCTIONS or name in _WORDS or name in types:
                    continue
                if meant := close(name, _FUNCTIONS):
                    yield (*route, f"{name}()"), f"there is no function `{name}`; did you mean `{meant}`?"


def _called(value: Value) -> Iterator[str]:
    """The names of all functions that a value calls, but for what `try` and `can` are given, which may fail."""
    match value:
        case Expr():
            try:
                yield from _CALL.findall(certain(value.text))
            except TerraformError:
                return
        case Call():
            yield value.name
            for item in value.args if value.name not in TRIED else ():
                yield from _called(item)
        case tuple():
            for item in value:
                yield from _called(item)
        case Object():
            for key, item in value.items:
                for text in of_key(key):
                    yield from _called(Expr(text))
                yield from _called(item)
        case _:
            return
