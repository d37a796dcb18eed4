"""The desktop application and the command line around the engines in `core`."""
