"""What a network reacts to: maps, attributions, the examples that excite a unit, and pictures made for it."""
