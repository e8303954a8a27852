"""How fast svc is, as ratios to floors and peers measured in the same run: `python -m benchmarks`."""
