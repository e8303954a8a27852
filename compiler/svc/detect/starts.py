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
    gunicorn = any(tree.search(path, r"(?i)\bgunicorn\b") is not None for path in manifests)
    django = [path for path in files if path.endswith("manage.py")]
    wsgi = [path for path in files if path.rpartition("/")[2] == "wsgi.py"]
    if django:
        if gunicorn and wsgi:
            folder = django[0].rpartition("/")[0]
            chdir = f" --chdir {folder}" if folder else ""
            application = module(wsgi[0].removeprefix(f"{folder}/") if folder else wsgi[0])
            return [(f"gunicorn --bind 0.0.0.0:{_PORT}{chdir} {application}", At(wsgi[0]))], []
        note = "runserver is Django's development server: add gunicorn and start that"
        return [(f"python {django[0]} runserver 0.0.0.0:{_PORT}", At(django[0], 1))], [note]
    return _flask(tree, files, gunicorn=gunicorn)


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
