"""What the sources in the build context tell of the build. Imported where there are some."""

from __future__ import annotations

import posixpath

from svc.diagnostics import Severity
from svc.model.build import Build as GivenBuild
from svc.records import replace
from svc.resolve import sources
from svc.resolve.beside_sources import compare
from svc.resolve.context import Context
from svc.resolve.types.images import Build


def told(context: Context, given: GivenBuild, made: Build, *, seen: bool, node: bool) -> Build:
    """The build, with what is there to be seen; `node`: there are packages of Node."""
    if given.language == "static":
        made = replace(made, site=sources.site(context, given.main))
    if seen:
        made = replace(made, manifests=sources.manifests(context, made.language, given.main))
    made = _of_node(context, made) if node else made
    return _looked_at(context, given, made) if seen else made


def _looked_at(context: Context, given: GivenBuild, made: Build) -> Build:
    """With what its sources tell."""
    if made.language in ("java", "kotlin"):
        boot, packaging, layers = sources.jar(context, made.manager, made.module)
        made = replace(made, spring_boot=boot, packaging=packaging, layers=layers)
    elif made.language == "rust":
        every, own = sources.rust(context, made.main)
        made = replace(made, binaries=every, binary=own)
    elif made.language == "python":
        made = replace(made, versioned=sources.versioned(context, made.manifests))
        made = replace(made, packaged=sources.packaged(context, made.manager))
        made = replace(made, programs=sources.programs(context) if made.packaged or made.manager in ("", "uv") else ())
    if not made.dockerfile:
        made = _without_credentials(context, made)
        compare(context, given, made)
    return made


def _of_node(context: Context, made: Build) -> Build:
    scripts = sources.scripts(context)
    return replace(
        made,
        scripts=tuple(name for name, _ in scripts),
        script_texts=scripts,
        developed=sources.developed(context),
        package=sources.package(context, posixpath.join(made.module, made.main)),
        inside=tuple(sorted(sources.names(context, made.module))) if made.module else (),
        hooks=sources.hooks(context),
        output=sources.output(context),
        routed=made.language == "static" and sources.routed(context, made.main),
    )


def _without_credentials(context: Context, made: Build) -> Build:
    """Says which settings have a credential in them; the build goes without those that are nothing else."""
    name = made.secrets[0] if made.secrets else "registry_token"
    found = sources.secret(context, made.main, made.module, name.upper())
    for one in found:
        what = f"`{one.key}` in {one.file}, line {one.line}," if one.key else f"{one.file}, line {one.line},"
        where = "so the build goes without the file" if one.outside else "which the layers of the build would have"
        told = (
            ""
            if made.secrets or name.upper() not in one.advice
            else f", and have the build know it: `secrets: [{name}]`"
        )
        context.report(
            "settings-with-credential",
            (*made.at, "secrets" if made.secrets else "language"),
            f"{what} {'is' if one.key else 'has'} a credential, {where}",
            help=f"{one.advice}{told}",
            severity=Severity.WARNING,
        )
    outside = tuple(one.file for one in found if one.outside)
    return replace(made, outside=outside, manifests=tuple(one for one in made.manifests if one not in outside))
