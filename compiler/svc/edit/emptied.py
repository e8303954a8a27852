"""What goes with an entry: the lists and mappings that would be empty without it."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.tree import Data, Tree


def emptied(data: Data, route: Route, least: int) -> Route:
    """The route of the outermost list or mapping in which nothing but the entry at `route` stands. An item of a list
    stays, as does what routes of fewer than `least` parts lead to."""
    while len(route) > least:
        around = Tree(data).get(*route[:-1])
        if isinstance(route[-2], int) or not isinstance(around, dict | list) or len(around) != 1:
            break
        route = route[:-1]
    return route
