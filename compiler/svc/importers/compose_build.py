"""`build` of a compose service: its own Dockerfile, in the folder where the spec is put."""

from __future__ import annotations

from svc.importers.compose_values import filled, land, pairs
from svc.importers.draft import Draft
from svc.importers.ledger import View

_OTHER = {
    "additional_contexts": "the spec's folder is the only context: copy into it what the build needs",
    "cache_from": "the workflow has a build cache of its own",
    "cache_to": "the workflow has a build cache of its own",
    "no_cache": "the workflow has a build cache of its own",
    "pull": "base images are pinned by digest",
    "platforms": "images are built for the platforms of the workflow",
    "labels": "the compiler labels images",
    "tags": "the workflow tags images",
    "secrets": "secrets of a build are named under `build.secrets`, by what they are for",
    "ssh": "the workflow's checkout has the keys; a build gets none",
    "network": "builds run in a network of their own",
    "shm_size": "a build runs on the workflow's machine, with its memory",
    "ulimits": "a build runs on the workflow's machine, with its limits",
    "privileged": "builds are not privileged",
    "entitlements": "builds are not privileged",
    "extra_hosts": "builds see the names that DNS has",
    "isolation": "a matter of Windows containers",
    "provenance": "the workflow attests what it builds",
    "sbom": "the workflow attests what it builds",
}


def build(view: View, draft: Draft) -> None:
    """The sources are where the spec is put: its folder is the build's context."""
    context = view if not isinstance(view.value, dict) else view.at("context")
    folder = filled(context).removeprefix("./").strip("/") if context.there else ""
    draft.context = folder or "."
    if folder and folder != "." and not folder.startswith("..") and "://" not in folder:
        draft.folder = folder
    draft.set(("build", "dockerfile"), "Dockerfile")
    draft.missing.append(
        f"the build is your own Dockerfile in `{folder or '.'}`: put the spec there, or name `build.language` to have one generated"
    )
    if context.there:
        land(context, draft, "build", "dockerfile", reason="the spec's folder is the context")
    for key, part in view.items():
        if key == "dockerfile":
            draft.set(("build", "dockerfile"), filled(part).removeprefix("./"))
            land(part, draft, "build", "dockerfile")
        elif key == "target":
            draft.set(("build", "target"), filled(part))
            land(part, draft, "build", "target")
        elif key == "dockerfile_inline":
            part.dropped("a Dockerfile stands in a file of its own: write this text into it", "build", "dockerfile")
            draft.missing.append("`build.dockerfile`: write the text of `dockerfile_inline` into Dockerfile")
        elif key == "args":
            for name, value, one in pairs(part):
                _argument(name, value, one, draft)
        elif key != "context":
            part.dropped(_OTHER.get(key, "svc import does not know this key of a build"))


def _argument(name: str, value: str | None, one: View, draft: Draft) -> None:
    to = ("build", "args", name)
    text = filled(one) if isinstance(one.value, str | int | float) else ""
    draft.set(to, text.partition("=")[2] if isinstance(one.route[-1], int) else text)
    if value is None:
        one.dropped("its value comes from the shell, which svc does not read: write it into the spec", *to)
    else:
        land(one, draft, *to)
