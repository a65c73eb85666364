"""How the layers fare while a network is trained: gradients, updates and activations, and what ails them."""
