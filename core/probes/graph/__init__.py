"""The forward pass as a graph of operations."""
