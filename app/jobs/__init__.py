"""Long computations behind the window: one engine thread, a queue, a mailbox; and a small pool for files."""
