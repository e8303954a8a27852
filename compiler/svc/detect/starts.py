"""What starts a Python service: an application in the code, with the server among the dependencies."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence

from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.resolve import sources_python

_ASGI = r"^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(?:FastAPI|Starlette|Litestar)\("
_FLASK = r"^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?Flask\("
_ASGI_MADE = r"\b(?:FastAPI|Starlette|Litestar)\("
_FACTORIES = r"((?:create|make|build|get)_(?:app|application)|app_factory)"
_FACTORY = rf"^def {_FACTORIES}\("
_CALLED = rf"^(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:\w+\.)?{_FACTORIES}\("
_TEST = regex(r"(^|/)(tests?|conftest|docs|examples?)(/|\b)|(^|/)test_|_test\.py$")
_ASIDE = regex(r"(^|/)(?:samples?|demos?|scripts|benchmarks?|playground|fixtures|e2e)/")
"""What shows, tries or measures the application, and is started where there is nothing else."""
_PORT = 8000


def python(tree: Tree, manifests: tuple[str, ...]) -> tuple[list[tuple[str, At]], list[str]]:
    """The candidates, the likeliest first, and what a person should know about them."""
    every = sorted(
        (path for path in tree.named(".py") if not _TEST.search(path)), key=lambda path: (path.count("/"), path)
    )
    found, notes = _served(tree, [path for path in every if not _ASIDE.search(path)], manifests)
    return (found, notes) if found else _served(tree, every, manifests)


def _served(tree: Tree, files: list[str], manifests: tuple[str, ...]) -> tuple[list[tuple[str, At]], list[str]]:
    asgi = _asgi(tree, files)
    if asgi:
        return asgi, []
    django = [path for path in files if path.endswith("manage.py")]
    if django:
        found = _django(tree, files, manifests)
        if found is not None:
            return [found], []
        note = "runserver is Django's development server: add gunicorn and start that"
        return [(f"python {django[0]} runserver 0.0.0.0:{_PORT}", At(django[0], 1))], [note]
    return _flask(tree, files, gunicorn=_has(tree, manifests, "gunicorn"))


def _asgi(tree: Tree, files: list[str]) -> list[tuple[str, At]]:
    """Applications that stand in a module, those that a module has made by a factory, and factories that need nothing."""
    plain = [
        (f"{module(tree, path)}:{hit[0][1]}", hit[1]) for path in files if (hit := tree.search(path, _ASGI)) is not None
    ]
    makers = [path for path in files if _factory(tree, path, _ASGI_MADE) is not None]
    if plain or not makers:
        return plain
    made = [
        (f"{module(tree, path)}:{hit[0][1]}", hit[1])
        for path in files
        if (hit := tree.search(path, _CALLED)) is not None
    ]
    found = [(path, one) for path in makers if (one := _factory(tree, path, _ASGI_MADE)) is not None and one[1]]
    server = f"uvicorn --factory --host 0.0.0.0 --port {_PORT}"
    return made + [(f"{server} {module(tree, path)}:{name}", at) for path, (name, _, at) in found]


def _factory(tree: Tree, path: str, makes: str) -> tuple[str, bool, At] | None:
    """The function of a file that makes an application, whether it can be called with nothing, and where it is."""
    hit = tree.search(path, _FACTORY)
    if hit is None or tree.search(path, makes) is None:
        return None
    name = hit[0][1]
    given = re.search(rf"^def {name}\(([^()]*(?:\([^()]*\)[^()]*)*)\)", tree.text(path), re.MULTILINE)
    words = _plain(given[1]).split(",") if given is not None else ["more"]
    return name, all("=" in one or one.strip()[:1] in ("", "*", "/") for one in words), hit[1]


def _plain(parameters: str) -> str:
    """Parameters without comments, texts and what is in brackets, where a comma separates no two of them."""
    for _ in range(5):
        parameters = re.sub(r"#[^\n]*|\"[^\"\n]*\"|'[^'\n]*'|\[[^\[\]]*\]|\([^()]*\)", "", parameters)
    return parameters


_SERVERS = (
    ("gunicorn", "wsgi", f"gunicorn --bind 0.0.0.0:{_PORT}", "--chdir", ""),
    ("granian", "asgi", f"granian --interface asginl --host 0.0.0.0 --port {_PORT}", "--working-dir", ":application"),
    ("uvicorn", "asgi", f"uvicorn --host 0.0.0.0 --port {_PORT}", "--app-dir", ":application"),
    ("hypercorn", "asgi", f"hypercorn --bind 0.0.0.0:{_PORT}", "", ":application"),
    ("daphne", "asgi", f"daphne --bind 0.0.0.0 --port {_PORT}", "", ":application"),
)
"""Package, the module of Django that it serves, its command line, the option for a folder, and how it names the application."""


def _has(tree: Tree, manifests: tuple[str, ...], name: str) -> bool:
    return any(tree.search(path, rf"(?i)\b{name}\b") is not None for path in manifests)


def django_folder(tree: Tree) -> str:
    """Where `manage.py` stands, from which Django imports its modules; "" for the root."""
    return min(tree.named("manage.py"), key=len, default="").rpartition("/")[0]


def _django(tree: Tree, files: list[str], manifests: tuple[str, ...]) -> tuple[str, At] | None:
    """A server among the dependencies, with the application that it serves."""
    folder = django_folder(tree)
    for name, kind, command, option, suffix in _SERVERS:
        served = next((path for path in files if path.rpartition("/")[2] == f"{kind}.py"), "")
        if served and (option or not folder) and _has(tree, manifests, name):
            inside = f" {option} {folder}" if folder else ""
            return f"{command}{inside} {dotted(served.removeprefix(f'{folder}/'))}{suffix}", At(served)
    return None


def _flask(tree: Tree, files: list[str], *, gunicorn: bool) -> tuple[list[tuple[str, At]], list[str]]:
    plain = [
        (f"{module(tree, one)}:{hit[0][1]}", hit[1]) for one in files if (hit := tree.search(one, _FLASK)) is not None
    ]
    makers = [own for one in files if (own := _factory(tree, one, r"\bFlask\(")) is not None]
    made = [
        (f"{module(tree, one)}:{hit[0][1]}", hit[1])
        for one in (files if makers else ())
        if (hit := tree.search(one, _CALLED)) is not None
    ]
    called = [(f"{module(tree, at.path)}:{name}()", at) for name, alone, at in makers if alone]
    found = [(_wsgi(name, gunicorn=gunicorn), at) for name, at in (*plain, *made, *called)]
    return found, ["`flask run` is a development server: add gunicorn and start that"] if found and not gunicorn else []


def _wsgi(name: str, *, gunicorn: bool) -> str:
    if not gunicorn:
        return f"flask --app {name.removesuffix('()')} run --host 0.0.0.0 --port {_PORT}"
    return f"gunicorn --bind 0.0.0.0:{_PORT} {shlex.quote(name)}"


def programs(tree: Tree, files: Sequence[str]) -> list[tuple[str, At]]:
    """Programs that the package has, then files with usual names, those that start a server first."""
    found = []
    for name, (target, manifest) in sources_python.scripts(tree).items():
        hit = tree.search(manifest, rf"^[\"']?{re.escape(name)}[\"']?\s*=")
        file = target.partition(":")[0].replace(".", "/")
        home = posixpath.dirname(manifest)
        places = (posixpath.join(home, src, file + end) for src in ("", "src") for end in (".py", "/__init__.py"))
        code = next((one for one in places if one in tree.files), "")
        found.append((code, name, hit[1] if hit is not None else At(manifest)))
    here = [file for file in files if file in tree.files]
    if files and not found and not here:
        plain = (file for file in tree.named(".py") if "/" not in file and file not in ("setup.py", "conftest.py"))
        here = [file for file in plain if tree.search(file, r"^if __name__ == [\"']__main__[\"']") is not None]
    found += [(file, file, At(file)) for file in here]
    return [(name, at) for code, name, at in sorted(found, key=lambda one: tree.search(one[0], _SERVES) is None)]


_SERVES = r"\b(?:uvicorn|hypercorn|granian|waitress|bjoern|web|app|mcp)\.(?:run|serve|run_app)\(|\bserve(?:_forever)?\(|\bgrpc(?:\.aio)?\.server\("
"""What starts a server in the code."""


def module(tree: Tree, path: str) -> str:
    """The name by which a file is imported: from the member of a workspace that is installed, else from the root."""
    folder = posixpath.dirname(path)
    while folder and tree.search(f"{folder}/pyproject.toml", r"^\[build-system\]") is None:
        folder = posixpath.dirname(folder)
    return dotted(path.removeprefix(f"{folder}/") if folder else path)


def dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
