"""The page: a shell that the service renders, and the modules, styles and words that a browser loads."""
