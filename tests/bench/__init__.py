"""Benchmarks, run by `make bench`: every figure that the project claims, measured side by side."""
