"""Valid files with seeded damage, and a command that opens as many of them as one likes."""
