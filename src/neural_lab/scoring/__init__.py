"""Corpora scored in parts: one row out for each row in, by one process, several, or a cluster."""
