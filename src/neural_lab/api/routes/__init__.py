"""One module for each family of routes."""

from neural_lab.api.routes import (
    accounts,
    audit,
    detect,
    detectors,
    documents,
    health,
    history,
    jobs,
    keys,
    library,
)

ROUTERS = tuple(
    module.router
    for module in (health, detect, documents, audit, library, history, detectors, jobs, accounts, keys)
)
