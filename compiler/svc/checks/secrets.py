"""Whether a name and a plain-text value look like a secret: few false alarms before completeness."""

from __future__ import annotations

import re
from functools import lru_cache

from svc.diagnostics import Within
from svc.patterns import regex

_WORDS = (
    r"(passwo?rd|passwd|passphrase|pass|pwd|secret|token|api_?key|access_?key|private_?key"
    r"|secret_?key(_?base)?|credentials?)"
)
NAME = regex(
    rf"(^|_){_WORDS}(_?[0-9]+)?$", re.IGNORECASE, needs=("pass", "pwd", "secret", "token", "key", "credential")
)
COMPACT = regex(
    r"(password|passwd|apikey|accesskey|secretkey|privatekey)$|^(requirepass|masterauth)$",
    re.IGNORECASE,
    needs=("pass", "key", "masterauth"),
)
"""Words in one; the last two are options of Redis."""
ABOUT = regex(
    r"(_|^)(file|path|dir|name|url|uri|endpoint|host|ttl|expiry|expiration|lifetime|length|size|type|id|enabled|header"
    r"|issuer|audience|algorithm|policy|limit|max|min|timeout|store|public)(_|$)",
    re.IGNORECASE,
)
WEAK = regex(
    r"^secret_|(^|_)(app|encryption|signing|master|jwt|hmac|session|cookie|auth|shared|crypt|cipher)_?key(_?[0-9]+)?$"
    r"|(^|_)(salt|pepper)$|(^|_)(redis|valkey|registry|docker)_auth$",
    re.IGNORECASE,
    needs=("secret_", "key", "salt", "pepper", "auth"),
)
"""Names that say secret when the value looks like one, too."""
WEAK_ABOUT = regex(
    r"_(ref|reference|provider|backend|manager|engine|mount|prefix|suffix|version|region|namespace|rotation|interval"
    r"|arn|mode|format|field|source|scanner|scan|class|kind|label|labels|keys|names|envs|files)$",
    re.IGNORECASE,
)
NAMES_ONE = regex(
    r"(^|_)(tls|ssl|pull|cert|certificate|ca|wildcard|existing)_secret$|(^|_)existing_secret_"
    r"|(^|_)(initial_cluster|next_page|continuation|bos|eos|pad|unk|mask|sep|cls|stop)_token$|^page_token$",
    re.IGNORECASE,
    needs=("_secret", "_token"),
)
"""Where Kubernetes is told the name of a Secret; tokens that tell clusters of etcd, pages or places in a text apart."""
CALLED = regex(
    r"^[a-z0-9]+([-._][a-z0-9]+)+$|^[A-Z0-9]+([-._][A-Z0-9]+)+$|^[A-Za-z]+[0-9]*$|^[a-z]+[0-9]+[a-z]+$|^[<\[].*[>\]]$"
)
"""What a Secret, a key of it, a cluster or a place in a text is called: no secret under such a name."""
PASSED_ON = {
    **dict.fromkeys(("coalesce", "try", "sensitive", "nonsensitive", "ephemeralasnull", "tostring"), 0),
    **dict.fromkeys(("base64encode", "urlencode", "trimspace", "chomp"), 0),
    "lookup": 2,
}
"""Functions of Terraform whose value may be what they are given, and from which argument on."""
KEY_SUFFIX = regex(r"(private|secret|access|api)_?key(_id)?$", re.IGNORECASE)
KNOWN = regex(
    r"""(?:^|[^A-Za-z0-9])(?:
      AKIA[0-9A-Z]{16} | ASIA[0-9A-Z]{16}                   # AWS access key ids
    | gh[pousr]_[A-Za-z0-9]{36,} | github_pat_[A-Za-z0-9_]{50,}
    | glpat-[A-Za-z0-9_-]{20,}
    | xox[abprs]-[A-Za-z0-9-]{10,}                          # Slack
    | sk_live_[A-Za-z0-9]{16,} | rk_live_[A-Za-z0-9]{16,}   # Stripe
    | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}            # SendGrid
    | AIza[0-9A-Za-z_-]{35}                                 # Google
    | npm_[A-Za-z0-9]{36} | pypi-[A-Za-z0-9_-]{40,}
    | eyJ[A-Za-z0-9_-]{15,500}\.eyJ[A-Za-z0-9_-]{15}         # JSON Web Token
    | base64:[A-Za-z0-9+/]{43}= | base64:[A-Za-z0-9+/]{22}==  # Laravel's APP_KEY
    )""",
    re.VERBOSE,
    needs=(
        *(
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "sk_live_",
            "rk_live_",
        ),
        *("SG.", "AIza", "npm_", "pypi-", "eyJ", "base64:"),
    ),
)
KEY_BLOCK = regex(r"-----BEGIN [A-Z ]*PRIVATE KEY-----", needs=("-----BEGIN ",))
URL_PASSWORD = regex(r"[a-z0-9+.-]://[^\s/:@]*:([^\s/:@]+)@", re.IGNORECASE, needs=("://",))
REFERENCE = regex(
    r"[$%]\(?\{?|\{\{|^<.*>$|^@.*@$|^#\{.*\}#?$|^__[A-Za-z0-9_]+__$"
    r"|^(file|path|secret|vault|ssm|arn|ref|op|sops|awssm|env):",
    re.IGNORECASE,
)
"""Among them what Maven (`@db.password@`), Octopus (`#{...}`) and Azure Pipelines (`#{...}#`, `__NAME__`) fill in."""
SLASHED = regex(r"[a-z][a-z_-]*(?:/[a-z][a-z_-]*)+", needs=("/",))
"""What a secret is called in its store: `DB_PASSWORD_SECRET=shop/database`."""
VARIABLE = regex(r"^[A-Z][A-Z0-9_]+$")
TO_BE_FILLED = regex(
    r"^(replace|insert|your|todo|fixme|fill|put|enter|set)([-_ ].*)?$|^(x{3,}|\*{3,}|\.{3,})$|^(redacted|placeholder)$",
    re.IGNORECASE,
    needs=(
        *("replace", "insert", "your", "todo", "fixme", "fill", "put", "enter", "set", "xxx", "***", "..."),
        *("redacted", "placeholder"),
    ),
)
NO_KEY = regex(
    r"\s|^[a-z]+([-_./:][a-z0-9]+)*$|^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$|^[A-Za-z]+(/[A-Za-z0-9]+)+$"
    r"|^[A-Za-z_][A-Za-z0-9_]*=[^=]"
)
"""Words, addresses, ids and assignments, which the name of a key may stand for."""
PLACEHOLDERS = frozenset(
    {"true", "false", "yes", "no", "on", "off", "none", "null", "nil", "undefined", "disabled", "enabled", "default"}
    | {"optional", "required", "auto", "0", "1"}
)


@lru_cache(maxsize=4096)
def is_secret(name: str, value: str) -> bool:
    """Whether `name=value` puts a secret in plain text. Placeholders, references and booleans are none."""
    text = value.strip()
    if not text:
        return False
    if holds_secret(text):
        return True
    if text.lower() in PLACEHOLDERS or REFERENCE.search(text) or _is_path(text) or TO_BE_FILLED.search(text):
        return False
    if not _names_secret(name):
        if NAMES_ONE.search(_plain(name)):
            return _sounds_secret(name) and _looks_random(text) and not CALLED.search(text)
        return bool(WEAK.search(_plain(name))) and not _is_about(name) and _looks_random(text)
    if SLASHED.fullmatch(text) and not _plain(name).lower().endswith("password"):
        return False
    return (len(text) >= 3 and not _is_number(text)) or (len(text) >= 6 and text.isdigit())


@lru_cache(maxsize=4096)
def is_stored(name: str, value: str) -> bool:
    """Whether a variable is one of the secret store: what it holds is a secret, or only stands where one is to be."""
    text = value.strip()
    if is_secret(name, text):
        return True
    if not text or text.lower() in PLACEHOLDERS or _is_path(text) or (len(text) < 6 and _is_number(text)):
        return False
    if REFERENCE.search(text) and not text.startswith("<"):
        return False
    return names_stored(name)


def names_stored(name: str) -> bool:
    """Whether a variable of this name is expected to be one of the secret store: also keys, which may be words."""
    return names_secret(name) or (bool(WEAK.search(_plain(name))) and not _is_about(name))


def names_variable(name: str, value: str) -> bool:
    """Whether a setting of a file says which variable or key has the secret: `bind_password: BIND_PASSWORD`."""
    text = value.strip()
    setting, said = (re.sub("[-_.]", "", one.lower()) for one in (name, text))
    return bool(VARIABLE.search(text)) and (setting in said or said in setting)


@lru_cache(maxsize=2048)
def holds_secret(text: str) -> bool:
    """Whether any text contains what only a secret looks like: a provider's key, a private key, a password in a URL."""
    if KNOWN.search(text) or KEY_BLOCK.search(text):
        return True
    found = URL_PASSWORD.search(text)
    return bool(found and not REFERENCE.search(found[1]) and set(found[1]) - set("*xX"))


def secret_at(text: str) -> Within:
    """Where the first of these stands; all of the text when it holds none."""
    known = KNOWN.search(text)
    found = [one.span() for one in (KEY_BLOCK.search(text), URL_PASSWORD.search(text)) if one is not None]
    if known is not None:
        found.append((known.start() + (not known[0][0].isalnum()), known.end()))
    return min(found, default=(0, len(text)))


def names_secret(name: str) -> bool:
    """Whether a variable of this name is expected to hold a secret."""
    return _names_secret(name)


@lru_cache(maxsize=4096)
def _names_secret(name: str) -> bool:
    return _sounds_secret(name) and not NAMES_ONE.search(_plain(name))


def _sounds_secret(name: str) -> bool:
    """Whether a name has a word for secrets and none that makes it about one; what it names may be a Secret of Kubernetes."""
    name = _plain(name)
    return bool(NAME.search(name) or COMPACT.search(name)) and not ABOUT.search(KEY_SUFFIX.sub("", name))


def _plain(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).replace("-", "_").replace(".", "_")


def _is_about(name: str) -> bool:
    plain = _plain(name)
    return bool(ABOUT.search(plain) or WEAK_ABOUT.search(plain) or NAMES_ONE.search(plain))


def _looks_random(text: str) -> bool:
    """Long, of small letters, capitals and digits mixed, and no words with hyphens between."""
    if len(text) < 12 or NO_KEY.search(text):
        return False
    return sum(bool(re.search(one, text)) for one in ("[a-z]", "[A-Z]", "[0-9]")) >= 2


def _is_number(text: str) -> bool:
    return text.replace(".", "").isdigit()


def _is_path(text: str) -> bool:
    return text.startswith(("/", "./", "http://", "https://"))


_ARGUMENT = regex(r"^--?([A-Za-z][A-Za-z0-9_-]*)=(.+)$", re.DOTALL, needs=("=",))


def in_argument(word: str) -> bool:
    """Whether a word of a command line is `--password=...` or contains what only a secret looks like."""
    found = _ARGUMENT.match(word)
    return bool(found and is_secret(found[1], found[2])) or holds_secret(word)
