"""Ends connections."""


def shut(*held: object) -> None:
    """Close those that can be: what counts or remembers in its own process has nothing to close."""
    for each in held:
        if callable(close := getattr(each, "close", None)):
            close()
