"""Whether this machine is ready: one check after the other, each with what was found and what to do."""
