"""The service as a deployment of Ray Serve: every replica is the whole application with a lab of its own.

`serve run deploy/ray-serve.yaml` starts it, see docs/scaling.md. Nothing else imports this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neural_lab.backends.ray_processes import ray

if TYPE_CHECKING:
    from fastapi import FastAPI

ray()
from ray import serve  # noqa: E402 (its settings have to stand before it is imported)


def build() -> FastAPI:
    """Called in each replica: what an application holds cannot be sent to one."""
    from neural_lab.api.app import create_app

    return create_app()


application = serve.deployment(serve.ingress(build)(), name="NeuralLab").bind()
