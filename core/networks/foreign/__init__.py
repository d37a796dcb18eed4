"""Networks that only code can build: that code runs in a child process, which hands back a program and nothing else."""
