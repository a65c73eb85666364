"""Benchmarks: `make bench` prints one table and writes results.json."""
