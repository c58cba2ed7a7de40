"""Sources and reports in PostgreSQL, for many users at once."""
