"""The graph that the backward pass goes through."""
