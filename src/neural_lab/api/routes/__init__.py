"""One module for each family of routes."""

from neural_lab.api.routes import (
    accounts,
    audit,
    compare,
    detect,
    detectors,
    disputes,
    documents,
    evidence,
    export,
    health,
    history,
    jobs,
    keys,
    library,
    preferences,
    review,
    texts,
    trails,
)

ROUTERS = tuple(
    module.router
    for module in (
        *(health, detect, documents, evidence, texts, audit, compare, library),
        *(history, disputes, review, trails, preferences, export, detectors, jobs, accounts, keys),
    )
)
