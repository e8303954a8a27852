"""svc compiles one service.yaml into gated, verified artifacts, and lints the same artifacts written by hand."""

__version__ = "0.1.0"
