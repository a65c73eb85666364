"""The networks: what layers there are, what they cost, how they are built and started."""
