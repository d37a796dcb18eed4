"""Work that must not share a process with the window: started with limits, watched, and ended whatever happens."""
