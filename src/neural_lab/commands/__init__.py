"""Commands of the command line that are read only when they are meant."""
