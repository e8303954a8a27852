"""`svc lint`: whatever it is given is recognised by content, read by the target's reader and judged by the same policies."""
