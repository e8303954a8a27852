"""One function a language: what a tree of it says about version, package manager and what is started."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from svc import pins
from svc.detect import starts
from svc.detect.tree import At, Tree
from svc.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Project:
    """`mains` are what could be started; several are a question. `port` 0: nothing says that it listens."""

    language: str
    at: At
    wanted: str = ""
    wanted_at: At | None = None
    manager: str = ""
    mains: tuple[tuple[str, At], ...] = ()
    needs_main: bool = True
    port: int = 0
    manifests: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The pinned version that fits what the tree wants: its own, else the next newer, else the newest."""
        known = pins.supported(self.language)
        digits = re.findall(r"\d+", self.wanted)
        if not digits:
            return known[-1]
        parts = len(known[0].split("."))
        cut = ".".join(digits[:parts])
        if cut in known or pins.version_key(cut) > pins.version_key(known[-1]):
            return cut if cut in known else known[-1]
        return next(one for one in known if pins.version_key(one) > pins.version_key(cut))


def _first(tree: Tree, *places: tuple[str, str]) -> tuple[str, At | None]:
    for path, pattern in places:
        found = tree.search(path, pattern)
        if found is not None:
            return found[0][1], found[1]
    return "", None


_PYTHON = ("pyproject.toml", "requirements.txt", "uv.lock", "requirements.in", "poetry.lock")


def python(tree: Tree) -> Project | None:
    manifests = tuple(name for name in _PYTHON if name in tree.files)
    if not manifests:
        return None
    wanted, at = _first(
        tree, (".python-version", r"(\d[\d.]*)"), (".tool-versions", r"^python\s+(\S+)"), ("runtime.txt", r"^python-(\d[\d.]*)"),
        ("pyproject.toml", r"requires-python\s*=\s*[\"']\D*([\d.]+)"), ("pyproject.toml", r"^python\s*=\s*[\"']\D*([\d.]+)"),
    )  # fmt: skip
    manager = "uv" if "uv.lock" in tree.files else "poetry" if "poetry.lock" in tree.files else "pip"
    if manager == "pip" and "requirements.txt" not in tree.files:
        manager = "uv"
    mains, notes = starts.python(tree, manifests)
    port = 8000 if mains else 0
    if not mains:
        mains += [(path, At(path)) for path in ("main.py", "app.py", "src/main.py", "src/app.py") if path in tree.files]
    if manager == "pip" and "--hash=" not in tree.text("requirements.txt"):
        notes.append("requirements.txt has no hashes, which the image's build demands: `pip-compile --generate-hashes`")
    return Project("python", At(manifests[0]), wanted, at, manager, tuple(mains), True, port, manifests, tuple(notes))


def package(tree: Tree) -> dict[str, object]:
    try:
        data = json.loads(tree.text("package.json") or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def node(tree: Tree) -> Project | None:
    if "package.json" not in tree.files:
        return None
    data = package(tree)
    names = {name for key in ("dependencies", "devDependencies") for name in _keys(data.get(key))}
    scripts = data.get("scripts")
    start = str(scripts.get("start", "")) if isinstance(scripts, dict) else ""
    wanted, at = _first(
        tree, (".nvmrc", r"v?(\d[\d.]*)"), (".node-version", r"v?(\d[\d.]*)"), (".tool-versions", r"^nodejs\s+(\S+)"),
        ("package.json", r"\"node\"\s*:\s*\"\D*(\d[\d.]*)"),
    )  # fmt: skip
    locks = {"pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}
    manager = next((locks[name] for name in locks if name in tree.files), "npm")
    base = Project("node", At("package.json"), wanted, at, manager, manifests=("package.json",))
    words = start.split("&&")[-1].split()
    server = {"express", "fastify", "koa", "hono", "@nestjs/core"} & names
    if "next" in names and (not words or words[:2] == ["next", "start"]):
        main = "node node_modules/next/dist/bin/next start -H 0.0.0.0 -p 3000"
        found = tree.search("package.json", r"\"next\"\s*:")
        return replace(base, mains=((main, found[1] if found else At("package.json")),), port=3000)
    if {"vite", "react-scripts", "astro"} & names and not server and words[:1] != ["node"]:
        folder = "build" if "react-scripts" in names else "dist"
        return replace(base, language="static", mains=((folder, At("package.json")),), port=8080)
    mains: list[tuple[str, At]] = []
    if words[:1] == ["node"] and len(words) > 1:
        found = tree.search("package.json", r"\"start\"\s*:")
        mains.append((words[1] if len(words) == 2 else " ".join(words), found[1] if found else At("package.json")))
    elif isinstance(data.get("main"), str):
        mains.append((str(data["main"]), At("package.json")))
    else:
        mains += [
            (name, At(name)) for name in ("server.js", "index.js", "app.js", "src/index.js") if name in tree.files
        ]
    return replace(base, mains=tuple(mains), port=3000 if server else 0)


def _keys(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, dict) else []


def go(tree: Tree) -> Project | None:
    if "go.mod" not in tree.files:
        return None
    wanted, at = _first(tree, ("go.mod", r"^go\s+(\S+)"))
    folders: dict[str, At] = {}
    for path in tree.named(".go"):
        found = None if path.endswith("_test.go") else tree.search(path, r"^func main\(\)")
        if found is not None:
            folders.setdefault("./" + path.rpartition("/")[0] if "/" in path else ".", found[1])
    return Project("go", At("go.mod"), wanted, at, "", tuple(folders.items()), True, 0, ("go.mod",))


def jvm(tree: Tree) -> Project | None:
    manifest = next((name for name in ("build.gradle.kts", "build.gradle", "pom.xml") if name in tree.files), "")
    if not manifest:
        return None
    text = tree.text(manifest)
    language = "kotlin" if re.search(r"kotlin\(\"jvm\"\)|org\.jetbrains\.kotlin|kotlin-maven-plugin", text) else "java"
    wanted, at = _first(
        tree, (".java-version", r"(\d+)"), (".tool-versions", r"^java\s+\D*(\d+)"),
        (manifest, r"<(?:java\.version|maven\.compiler\.release)>\s*(\d+)"),
        (manifest, r"(?:JavaLanguageVersion\.of|jvmToolchain)\(\s*(\d+)"), (manifest, r"JavaVersion\.VERSION_(\d+)"),
    )  # fmt: skip
    spring = tree.search(manifest, r"org\.springframework\.boot|spring-boot")
    entry = tree.search(manifest, r"mainClass(?:\.set\(|\s*=\s*|>)\s*[\"']?([\w.]+)")
    mains = (("spring-boot", spring[1]),) if spring else ((entry[0][1], entry[1]),) if entry else ()
    manager = "maven" if manifest == "pom.xml" else "gradle"
    return Project(language, At(manifest), wanted, at, manager, mains, False, 8080 if spring else 0, (manifest,))


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
    wanted, at = _first(tree, ("global.json", r"\"version\"\s*:\s*\"(\d+)"), (chosen, r"<TargetFramework>net(\d+)"))
    web = tree.search(chosen, r"Microsoft\.NET\.Sdk\.Web") is not None
    return Project("dotnet", At(chosen), wanted, at, "", tuple(run), True, 8080 if web else 0, tuple(projects))


def rust(tree: Tree) -> Project | None:
    if "Cargo.toml" not in tree.files:
        return None
    name = tree.search("Cargo.toml", r"^name\s*=\s*\"([\w-]+)\"")
    mains = [(name[0][1], name[1])] if name and "src/main.rs" in tree.files else []
    mains += [(path[8:-3], At(path)) for path in tree.named(".rs") if path.startswith("src/bin/")]
    return Project("rust", At("Cargo.toml"), "", None, "", tuple(mains), True, 0, ("Cargo.toml",))


def ruby(tree: Tree) -> Project | None:
    if "Gemfile" not in tree.files:
        return None
    wanted, at = _first(
        tree, (".ruby-version", r"(?:ruby-)?(\d[\d.]*)"), (".tool-versions", r"^ruby\s+(\S+)"),
        ("Gemfile", r"^ruby\s+[\"']\D*([\d.]+)"), ("Gemfile.lock", r"^\s+ruby (\d[\d.]*)"),
    )  # fmt: skip
    puma = tree.search("Gemfile", r"gem\s+[\"']puma[\"']")
    main = (("puma -b tcp://0.0.0.0:9292", puma[1]),) if puma else ()
    mains = tuple((f"bundle exec {text}", place) for text, place in main)
    return Project("ruby", At("Gemfile"), wanted, at, "", mains, True, 9292 if puma else 0, ("Gemfile",))


def php(tree: Tree) -> Project | None:
    if "composer.json" not in tree.files:
        return None
    wanted, at = _first(tree, ("composer.json", r"\"php\"\s*:\s*\"\D*([\d.]+)"))
    notes = ["PHP-FPM speaks FastCGI, not HTTP: put a web server before it, as a sidecar"]
    for line, text in enumerate(tree.text("composer.json").splitlines(), 1):
        for name in re.findall(r"\"ext-([\w-]+)\"\s*:", text):
            if name.lower() not in _BUILT_IN:
                notes.append(
                    f"ext-{name} (composer.json:{line}) is not in PHP's image, and composer stops without it: "
                    f"write a Dockerfile with `docker-php-ext-install {name}` and name it in build.dockerfile"
                )
    return Project("php", At("composer.json"), wanted, at, "", (), False, 9000, ("composer.json",), tuple(notes))


_BUILT_IN = frozenset(
    [
        "ctype",
        "curl",
        "date",
        "dom",
        "fileinfo",
        "filter",
        "ftp",
        "hash",
        "iconv",
        "json",
        "libxml",
        "mbstring",
        "mysqlnd",
        "openssl",
        "pcre",
        "pdo",
        "pdo_sqlite",
        "phar",
        "posix",
        "random",
        "readline",
        "reflection",
        "session",
        "simplexml",
        "sodium",
        "spl",
        "sqlite3",
        "standard",
        "tokenizer",
        "xml",
        "xmlreader",
        "xmlwriter",
        "zlib",
    ]
)
"""Extensions of the official image (`php -m`)."""


def static(tree: Tree) -> Project | None:
    folder = next((one for one in ("public", "site", "www", "html") if f"{one}/index.html" in tree.files), "")
    if not folder and "index.html" not in tree.files:
        return None
    at = At(f"{folder}/index.html" if folder else "index.html")
    return Project("static", at, mains=((folder or ".", at),), port=8080)


LANGUAGES: tuple[Callable[[Tree], Project | None], ...] = (go, jvm, dotnet, rust, php, ruby, python, node, static)
