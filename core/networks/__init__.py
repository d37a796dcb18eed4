"""What a network is: architectures, cards, weights and programs, and how an engine moves through its parameters."""
