"""The lab over HTTP: a FastAPI application and what protects it."""
