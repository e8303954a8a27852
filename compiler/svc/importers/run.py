"""Files become drafts that compile, and the account of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from svc.diagnostics import Diagnostic, Place, Related, Severity
from svc.importers import compose, kubernetes, score
from svc.importers.check import idle, neighbours, settle
from svc.importers.compose_beside import beside, included
from svc.importers.compose_files import Read, shell, unread
from svc.importers.compose_tags import parse_tagged, tags
from svc.importers.compose_values import filled
from svc.importers.draft import Draft
from svc.importers.environments import merged
from svc.importers.kubernetes_names import unlike
from svc.importers.ledger import Ledger, View
from svc.importers.polish import polish
from svc.importers.result import Imported
from svc.importers.shorten import shorten
from svc.importers.unlike import KUSTOMIZE, unrendered, way_out
from svc.parse import Document, Parsed, parse
from svc.records import replace
from svc.source import Source

FORMS = ("compose", "score", "kubernetes")
_NAMED = 5
"""Further places at which the same is wrong."""


def run(
    sources: Sequence[Source], form: str = "", reader: Read = unread, kept_names: Set[str] = frozenset()
) -> Imported:
    """All sources as one import; `reader` reads files that they name. Diagnostics mean that nothing may be written.
    Workloads of Kubernetes whose names are among `kept_names` are called so here, too.
    """
    names = {source.name: source for source in sources}
    documents: list[Document] = []
    problems: list[Diagnostic] = []
    for source in sources:
        parsed = _parse(source, form)
        problems += [unrendered(one, source) for one in parsed.problems]
        filled = [one for one in parsed.documents if one.data is not None]  # Helm renders empty documents
        documents += filled
        if not filled and not parsed.problems:
            problems.append(_wrong(Place(source.name), "import-empty", "there is nothing to import in it"))
    forms = [form or recognised(one) for one in documents]
    for document, found in zip(documents, forms, strict=True):
        if not isinstance(document.data, dict):
            problems.append(_unlike(document, "import-shape", "a mapping was expected"))
        elif not found:
            problems.append(_unlike(document, "import-unknown", f"this is none of {', '.join(FORMS)}"))
    if len({*forms} - {""}) > 1:
        problems.append(
            _wrong(documents[0].place(()), "import-mixed", "the files are of several kinds: import each alone")
        )
    if problems or not documents:
        return Imported(form, (), (), tuple(_grouped(problems)), names)
    return _made(documents, forms[0], names, reader, kept_names)


def _grouped(problems: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The same said of many places is said once, with the first few of them."""
    alike: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in problems:
        alike.setdefault((one.id, one.message), []).append(one)
    for first, *others in alike.values():
        if not others:
            yield first
            continue
        message = f"{first.message} (here and at {len(others)} other place{'s' if len(others) > 1 else ''})"
        also = tuple(Related("also here", one.place) for one in others[:_NAMED])
        yield replace(first, message=message, related=(*first.related, *also))


def _parse(source: Source, form: str) -> Parsed:
    parsed = parse(source)
    if not any(one.id == "yaml-unknown-tag" for one in parsed.problems):
        return parsed
    tagged = parse_tagged(source)
    compose = all((form or recognised(one)) == "compose" for one in tagged.documents)
    return tagged if compose and tagged.documents else parsed


def run_all(sources: Mapping[str, Sequence[Source]], form: str = "", reader: Read = unread) -> Imported:
    """Sources by environment, in order of delivery; a single one without a name is the only one."""
    made = {env: run(ones, form, reader) for env, ones in sources.items()}
    apart = unlike([one.drafts for one in made.values()])
    if apart:
        made = {env: run(ones, form, reader, apart) for env, ones in sources.items()}
    wrong = tuple(problem for one in made.values() for problem in one.diagnostics)
    if wrong:
        names = {name: source for one in made.values() for name, source in one.sources.items()}
        return Imported(form, (), (), wrong, names)
    return made[""] if "" in made else merged(made)


def _made(
    documents: Sequence[Document], form: str, names: dict[str, Source], reader: Read, kept_names: Set[str]
) -> Imported:
    ledgers = [Ledger(one, index, tags(one, names[one.source.name])) for index, one in enumerate(documents)]
    others: list[Ledger] = []
    if form == "compose":
        for one in ledgers:
            one.values = shell(reader, one.document.source.name)
        ledgers += included(ledgers, reader)
        others = beside(ledgers, reader)
        drafts = compose.read(ledgers, reader, others)
    else:
        drafts = score.read(ledgers, reader) if form == "score" else kubernetes.read(ledgers, kept_names)
    ledgers += others
    problems = []
    faults = settle(drafts, ledgers)
    if faults:
        raise RuntimeError(f"a draft does not compile: {faults[0].message}")
    drafts, gone = [one for one in drafts if not idle(one)], [one for one in drafts if idle(one)]
    for draft in gone:
        for ledger in ledgers:
            ledger.fail(draft.name, (), "nothing is left of it to run")
    around = neighbours(drafts)
    for draft in drafts:
        shorten(draft, around, ledgers)
        polish(draft, around, ledgers)
        for ledger in ledgers:
            ledger.standing(draft.name, draft.has)
    if not drafts:
        problems.append(_wrong(documents[0].place(()), "import-empty", _nothing(documents, gone)))
    entries = tuple(entry for ledger in ledgers for entry in ledger.entries())
    project = filled(View(ledgers[0]).at("name")) if form == "compose" else ""
    return Imported(form, tuple(drafts), entries, tuple(problems), names, project)


def _nothing(documents: Sequence[Document], gone: Sequence[Draft]) -> str:
    """What there is instead of a service."""
    if gone:
        missing = [one for draft in gone for one in draft.missing if one.startswith("`jobs.")]
        return f"there is nothing to run in it: {'; '.join(missing)}"
    kinds = sorted({str(one.data["kind"]) for one in documents if isinstance(one.data, dict) and "kind" in one.data})
    listed = [kind for kind in kinds if kind != "List"]
    if not listed:
        return "there is no service to import in it"
    return (
        f"there is no service to import in it, but only {', '.join(listed)}: a Deployment, StatefulSet, Job or CronJob makes one;"
        " name the file under `manifests` of the service that it belongs to"
    )


def recognised(document: Document) -> str:
    """The form of a document by its content; empty when it is none."""
    data = document.data
    if not isinstance(data, dict):
        return ""
    if str(data.get("apiVersion", "")).startswith(("score.dev/", "score.sh/")):
        return "score"
    if str(data.get("apiVersion", "")).startswith(KUSTOMIZE):
        return ""
    if isinstance(data.get("apiVersion"), str) and isinstance(data.get("kind"), str):
        return "kubernetes"
    if isinstance(data.get("services"), dict) or (
        data
        and "apiVersion" not in data
        and all(isinstance(one, dict) and {"image", "build"} & set(one) for one in data.values())
    ):
        return "compose"
    return ""


def _unlike(document: Document, id_: str, message: str) -> Diagnostic:
    return replace(_wrong(document.place(()), id_, message), help=way_out(document.source.name, document.data))


def _wrong(place: Place, id_: str, message: str) -> Diagnostic:
    return Diagnostic(id_, Severity.ERROR, message, place)
