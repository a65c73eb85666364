"""Pictures that visitors bring: taken in, kept, gathered into sets with classes. No torch."""
