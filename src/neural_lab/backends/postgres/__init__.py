"""A store in PostgreSQL, for many users at once."""
