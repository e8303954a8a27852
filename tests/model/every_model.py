"""The classes of the language, from one of them on."""

from __future__ import annotations

from collections.abc import Iterator

from svc.model.load import models_of
from svc.model.mapped import Mapped, fields_of
from svc.model.service import Service


def models(root: type[Mapped] = Service) -> Iterator[type[Mapped]]:
    queue: list[type[Mapped]] = [root]
    seen: set[type[Mapped]] = set()
    while queue:
        model = queue.pop(0)
        if model not in seen:
            seen.add(model)
            yield model
            for field in fields_of(model).values():
                queue += models_of(field.annotation)
