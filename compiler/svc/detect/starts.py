"""What starts a Python service: an application in the code, with the server among the dependencies."""

from __future__ import annotations

from svc.detect.tree import At, Tree
from svc.patterns import regex

_ASGI = r"^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(?:FastAPI|Starlette|Litestar)\("
_FLASK = r"^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?Flask\("
_FACTORY = r"^def (create_app|make_app)\("
_TEST = regex(r"(^|/)(tests?|conftest|docs|examples?)(/|\b)|(^|/)test_|_test\.py$")
_PORT = 8000


def python(tree: Tree, manifests: tuple[str, ...]) -> tuple[list[tuple[str, At]], list[str]]:
    """The candidates, the likeliest first, and what a person should know about them."""
    files = sorted(
        (path for path in tree.named(".py") if not _TEST.search(path)), key=lambda path: (path.count("/"), path)
    )
    asgi = [(f"{module(path)}:{hit[0][1]}", hit[1]) for path in files if (hit := tree.search(path, _ASGI)) is not None]
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
            return f"{command}{inside} {module(served.removeprefix(f'{folder}/'))}{suffix}", At(served)
    return None


def _flask(tree: Tree, files: list[str], *, gunicorn: bool) -> tuple[list[tuple[str, At]], list[str]]:
    found: list[tuple[str, At]] = []
    for path in files:
        for pattern, call in ((_FLASK, ""), (_FACTORY, "()")):
            hit = tree.search(path, pattern)
            if hit is None or (call and tree.search(path, r"\bFlask\(") is None):
                continue
            name = f"{module(path)}:{hit[0][1]}{call}"
            server = f"gunicorn --bind 0.0.0.0:{_PORT} '{name}'" if call else f"gunicorn --bind 0.0.0.0:{_PORT} {name}"
            own = f"flask --app {name.removesuffix('()')} run --host 0.0.0.0 --port {_PORT}"
            found.append((server if gunicorn else own, hit[1]))
            break
    return found, ["`flask run` is a development server: add gunicorn and start that"] if found and not gunicorn else []


def module(path: str) -> str:
    """The name by which a file is imported."""
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
