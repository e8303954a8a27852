"""The stages for one service, what is between services, and how many services are worked on at once.

`svc.pipeline` calls them in order. A service is an `Outline` (what others need to know of it) and then a `Part` (its
files and what was found in it): both are small plain data, which cross processes and are kept by the cache.
"""
