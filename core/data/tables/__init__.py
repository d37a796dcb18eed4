"""Tables with feature cards: read, and where there is no card, guessed."""
