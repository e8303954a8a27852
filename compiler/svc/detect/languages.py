"""One function a language: what a tree of it says about version, package manager and what is started."""

from __future__ import annotations

import re
from collections.abc import Callable

from svc.detect import starts
from svc.detect.examples import looks_secret
from svc.detect.jvm import jvm
from svc.detect.node import node
from svc.detect.project import HELPS, Project, first, role
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.resolve.sources_rust import binaries
from svc.resolve.sources_site import NAMES, OUTPUT, generator
from svc.targets.docker.languages.php_extensions import IN_IMAGE

_PYTHON = ("pyproject.toml", "requirements.txt", "uv.lock", "requirements.in", "poetry.lock")


def python(tree: Tree) -> Project | None:
    manifests = tuple(name for name in _PYTHON if name in tree.files)
    if not manifests:
        return None
    wanted, at = first(
        tree, (".python-version", r"(\d[\d.]*)"), (".tool-versions", r"^python\s+(\S+)"), ("runtime.txt", r"^python-(\d[\d.]*)"),
        ("pyproject.toml", r"requires-python\s*=\s*[\"']\D*([\d.]+)"), ("pyproject.toml", r"^python\s*=\s*[\"']\D*([\d.]+)"),
    )  # fmt: skip
    manager = "uv" if "uv.lock" in tree.files else "poetry" if "poetry.lock" in tree.files else "pip"
    if manager == "pip" and "requirements.txt" not in tree.files:
        manager = "uv"
    every = (*manifests, *(tree.named("/pyproject.toml") if manager == "uv" else ()))
    mains, notes = starts.python(tree, every)
    port = 8000 if mains else 0
    mains += starts.programs(tree, () if mains else ("main.py", "app.py", "src/main.py", "src/app.py"))
    if manager == "pip" and "--hash=" not in tree.text("requirements.txt"):
        notes.append("requirements.txt has no hashes, which the image's build demands: `pip-compile --generate-hashes`")
    manage = next(iter(sorted(tree.named("manage.py"), key=len)), "")
    prepare = _static_files(tree, manage) if manage else ""
    return Project(
        "python", At(manifests[0]), wanted, at, manager, tuple(mains), True, port, every, tuple(notes), prepare=prepare
    )  # fmt: skip


def _static_files(tree: Tree, manage: str) -> str:
    """Django gathers its static files with settings that no build has: those that have to be there get a stand-in."""
    roots = [path for path in tree.named(".py") if tree.search(path, r"^STATIC_ROOT\s*=") is not None]
    if not roots:
        return ""
    asked = re.findall(r"os\.environ\[[\"'](\w+)[\"']\]|\benv(?:\.\w+)?\([\"'](\w+)[\"']\)", tree.text(roots[0]))
    names = dict.fromkeys(one or other for one, other in asked)
    stand_ins = [f"{name}={_stand_in(name)}" for name in names]
    return " ".join([*stand_ins, f"python {manage} collectstatic --noinput"])


def _stand_in(name: str) -> str:
    """What nothing but the build sees, and nobody takes for a secret: that would be taken out of the spec, with all behind it."""
    return "sqlite:///unused" if name.endswith("_URL") else "your-key" if looks_secret(name) else "unused"


def go(tree: Tree) -> Project | None:
    if "go.mod" not in tree.files and "go.work" not in tree.files:
        return None
    modules = tuple(one for one in ("go.mod", *tree.named("/go.mod")) if one in tree.files)
    manifests = ("go.mod",) if "go.work" not in tree.files else modules
    wanted, at = first(tree, ("go.mod", r"^go\s+(\S+)"), ("go.work", r"^go\s+(\S+)"))
    folders: dict[str, At] = {}
    for path in tree.named(".go"):
        found = None if path.endswith("_test.go") else tree.search(path, r"^func main\(\)")
        if found is not None:
            folders.setdefault("./" + path.rpartition("/")[0] if "/" in path else ".", found[1])
    module, _ = first(tree, ("go.mod", r"^module\s+(?:\S*?/)?([\w.-]+?)(?:/v\d+)?\s*$"))
    mains = [one for one in folders.items() if not _BESIDE.search(one[0])] or [*folders.items()]
    mains.sort(key=lambda one: _likeliest(one[0], module))
    root = At("go.mod" if "go.mod" in tree.files else "go.work")
    return Project("go", root, wanted, at, "", tuple(mains), True, 0, manifests)


_BESIDE = regex(
    r"^\./(?!cmd/)(?:.*/)?(?:examples?|samples?|internal|tests?|testdata|e2e|tools?|hack|scripts?|docs?)(?:/|$)"
)
"""Commands of Go that show, test or make something, and are not deployed."""


def _likeliest(folder: str, module: str) -> tuple[bool, bool, int]:
    """The command that is called like the module comes first, then the one at its root, what works after what serves, and
    what ends or helps last."""
    name = folder.rpartition("/")[2]
    aside = 2 if HELPS.search(name) is not None else {"worker": 1, "job": 2, "cron": 2}.get(role(name) or "", 0)
    return folder != f"./cmd/{module}", folder != ".", aside


def dotnet(tree: Tree) -> Project | None:
    projects = [path for path in tree.named(".csproj") if not re.search(r"[Tt]ests?\.csproj$", path)]
    if not projects:
        return None
    run = [
        (path, found[1])
        for path in projects
        if (found := tree.search(path, r"Microsoft\.NET\.Sdk\.(?:Web|Worker)|<OutputType>Exe<")) is not None
    ]
    chosen = run[0][0] if run else projects[0]
    wanted, at = first(tree, ("global.json", r"\"version\"\s*:\s*\"(\d+)"), (chosen, r"<TargetFramework>net(\d+)"))
    web = tree.search(chosen, r"Microsoft\.NET\.Sdk\.Web") is not None
    return Project("dotnet", At(chosen), wanted, at, "", tuple(run), True, 8080 if web else 0, tuple(projects))


def rust(tree: Tree) -> Project | None:
    if "Cargo.toml" not in tree.files:
        return None
    wanted, at = first(
        tree, ("rust-toolchain.toml", r"channel\s*=\s*\"(\d[\d.]*)"), ("rust-toolchain", r"^(\d[\d.]*)"),
        ("Cargo.toml", r"^rust-version\s*=\s*\"(\d[\d.]*)"),
    )  # fmt: skip
    manifests = ("Cargo.toml", *(path for path in tree.named("/Cargo.toml")))[:100]
    places = {hit[0][1]: hit[1] for path in manifests if (hit := tree.search(path, r"^name\s*=\s*\"([\w-]+)\""))}
    mains = [(name, places.get(package or name, At("Cargo.toml"))) for name, package in binaries(tree)]
    mains.sort(key=lambda one: (role(one[0]) is not None, tree.search(one[1].path, _SERVES) is None))
    return Project("rust", At("Cargo.toml"), wanted, at, "", tuple(mains), True, 0, manifests)


_SERVES = r"^(?:actix-web|axum|hyper|poem|rocket|salvo|tide|tonic|warp)\b"
"""What a program of Rust that serves depends on."""


def ruby(tree: Tree) -> Project | None:
    if "Gemfile" not in tree.files:
        return None
    wanted, at = first(
        tree, (".ruby-version", r"(?:ruby-)?(\d[\d.]*)"), (".tool-versions", r"^ruby\s+(\S+)"),
        ("Gemfile", r"^ruby\s+[\"']\D*([\d.]+)"), ("Gemfile.lock", r"^\s+ruby (\d[\d.]*)"),
    )  # fmt: skip
    rails = tree.search("Gemfile", r"gem\s+[\"']rails[\"']")
    puma = tree.search("Gemfile", r"gem\s+[\"']puma[\"']")
    configured = tree.search("config/puma.rb", r"^\s*port\b\D*(\d{2,5})?")
    port, main = 9292, "bundle exec puma -b tcp://0.0.0.0:9292"
    if configured is not None:
        port, main = int(configured[0][1] or 3000), "bundle exec puma -C config/puma.rb"
    elif rails is not None:
        port, main = 3000, "bundle exec puma -b tcp://0.0.0.0:3000"
    keys = (
        ("RAILS_MASTER_KEY", "config/credentials.yml.enc")
        if "config/credentials.yml.enc" in tree.files
        else ("SECRET_KEY_BASE", "")
    )
    health = tree.search("config/routes.rb", r"rails/health#show")
    return Project(
        "ruby", At("Gemfile"), wanted, at, "", ((main, puma[1]),) if puma else (), True, port if puma else 0, ("Gemfile",),
        writable=("/tmp", "/app/log", "/app/tmp") if rails else (),
        secrets=((keys[0], At(keys[1]) if keys[1] else rails[1]),) if rails else (),
        env=(("RAILS_LOG_TO_STDOUT", '"1"'), *_pid_file(tree)) if rails else (),
        health="/up" if health else "",
    )  # fmt: skip


def _pid_file(tree: Tree) -> tuple[tuple[str, str], ...]:
    """Puma makes no folder for its file, and that of Rails, `tmp/pids`, is in one that is empty at the start."""
    said = tree.search("config/puma.rb", r"^\s*pidfile\b.*\bPIDFILE\b.*\btmp/")
    return (("PIDFILE", "/tmp/puma.pid"),) if said is not None else ()


def php(tree: Tree) -> Project | None:
    if "composer.json" not in tree.files:
        return None
    wanted, at = first(tree, ("composer.json", r"\"php\"\s*:\s*\"\D*([\d.]+)"))
    notes = ("PHP-FPM speaks FastCGI, not HTTP: put a web server before it, as a sidecar",)
    text = tree.text("composer.json")
    required = text[: text.find('"require-dev"')] if '"require-dev"' in text[text.find('"require"') :] else text
    names = [name.lower() for name in re.findall(r"\"ext-([\w-]+)\"\s*:", required)]
    names += [*_locked(tree), *_driver(tree, names)]
    extensions = tuple(dict.fromkeys(name for name in names if name not in IN_IMAGE))
    folders = {"artisan": _OF_LARAVEL, "bin/console": ("/app/var",)}
    writable = next((found for name, found in folders.items() if name in tree.files), ())
    return Project(
        "php", At("composer.json"), wanted, at, "", (), False, 9000, ("composer.json",), notes,
        extensions=extensions, writable=("/tmp", *writable) if writable else (),
    )  # fmt: skip


_STORED = ("app", "framework/cache", "framework/sessions", "framework/views", "logs")
_OF_LARAVEL = ("/app/bootstrap/cache", *(f"/app/storage/{one}" for one in _STORED))
"""Each of them: the folders in a folder that is empty at the start would not be there, and Laravel makes none of them."""


def _locked(tree: Tree) -> list[str]:
    """Extensions that the packages of composer.lock demand, as far as the file is read."""
    shipped = tree.text("composer.lock").partition('"packages-dev"')[0]
    asked = re.findall(r"\"require\"\s*:\s*\{([^{}]*)\}", shipped)
    return sorted({name.lower() for one in asked for name in re.findall(r"\"ext-([\w-]+)\"\s*:", one)})


def _driver(tree: Tree, names: list[str]) -> list[str]:
    """The driver of the database that the framework is told of, which none of its packages demands."""
    told = first(tree, *((one, _DATABASE) for one in (".env.example", ".env.dist", ".env")))[0]
    driver = {"mysql": "pdo_mysql", "mariadb": "pdo_mysql", "pgsql": "pdo_pgsql", "postgresql": "pdo_pgsql"}.get(
        told, ""
    )
    framework = any(one in tree.files for one in ("artisan", "bin/console"))
    return [driver] if driver and framework and driver not in names else []


_DATABASE = r"^(?:DB_CONNECTION|DATABASE_URL)=[\"']?(mysql|mariadb|pgsql|postgresql)\b"
_SITE_LOCKS = {"mkdocs": ("uv.lock", "poetry.lock", "requirements.txt"), "jekyll": ("Gemfile.lock",)}
"""Generator of a site -> the files that it is installed from."""


def static(tree: Tree) -> Project | None:
    folder = next((one for one in ("public", "site", "www", "html") if f"{one}/index.html" in tree.files), "")
    name, file = generator(tree, folder)
    if name in OUTPUT:
        notes = () if any(one in tree.files for one in _SITE_LOCKS.get(name, (file,))) else (
            f"{NAMES[name]} is installed from {' or '.join(_SITE_LOCKS[name])}, which is not there",
        )  # fmt: skip
        return Project("static", At(file), "", None, "", ((OUTPUT[name], At(file)),), True, 8080, (file,), notes)
    if not folder and "index.html" not in tree.files:
        return None
    at = At(f"{folder}/index.html" if folder else "index.html")
    return Project("static", at, mains=((folder or ".", at),), port=8080)


LANGUAGES: tuple[Callable[[Tree], Project | None], ...] = (go, jvm, dotnet, rust, php, ruby, python, node, static)
