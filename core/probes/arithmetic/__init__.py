"""How one number of any layer comes about, term by term."""
