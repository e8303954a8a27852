"""AppArmor is off for a container, by its field or by the older annotation."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, contexts, template_metadata_route
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

PREFIX = "container.apparmor.security.beta.kubernetes.io/"
KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, context, who in contexts(manifest):
        profile = context.get("appArmorProfile")
        if isinstance(profile, dict) and profile.get("type") not in ("RuntimeDefault", "Localhost"):
            message = (
                f"{who} has AppArmor profile `{profile.get('type', '')}`; allowed are `RuntimeDefault`, `Localhost`"
            )
            yield (*route, "appArmorProfile", *(("type",) if "type" in profile else ())), message
    if manifest.pod is None:
        return
    metadata = template_metadata_route(manifest)
    for key, value in mapping(manifest.tree.get(*metadata), "annotations").items():
        if key.startswith(PREFIX) and value not in ("", "runtime/default") and not str(value).startswith("localhost/"):
            message = f"AppArmor profile `{value}` confines nothing; allowed are `runtime/default`, `localhost/...`"
            yield (*metadata, "annotations", key), message
