"""Resources that nobody shares: devices of a plugin, such as `nvidia.com/gpu`, and huge pages.

`IsOvercommitAllowed` and `IsExtendedResourceName` of the API's helpers.
"""

from __future__ import annotations

import re
from functools import lru_cache

PAGES, DOMAIN, OWN = "^hugepages-", "/", "kubernetes[.]io/"
"""What stands in such a name; with a domain it is one unless the domain is Kubernetes' own."""


@lru_cache(maxsize=256)
def device(name: str) -> bool:
    """Whether whole numbers of it are handed out."""
    return bool(re.search(DOMAIN, name)) and not re.search(OWN, name)


@lru_cache(maxsize=256)
def never_shared(name: str) -> bool:
    """Whether what is requested has to be the limit, too."""
    return device(name) or bool(re.search(PAGES, name))
