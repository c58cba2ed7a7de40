"""The server that the service is measured against: an encoder in PyTorch, fp32, inside an async handler.

Built from its published description: distilroberta's architecture through transformers,
mean of the last hidden states, a random forest, gradient boosting and a logistic
regression whose probabilities are averaged, one call a request, nothing batched across
requests. Weights are random: its speed is that of the real one, its answers are not.
"""

from __future__ import annotations

import os

import numpy as np
import torch
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from transformers import RobertaConfig, RobertaModel

from neural_lab.compose import EMBEDDED

MOST_TOKENS, VOCABULARY = 512, 50_265


class Texts(BaseModel):
    texts: list[str]
    threshold: float = 0.5


def create_app() -> FastAPI:
    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ.get("BASELINE_THREADS", "1")))
    model = RobertaModel(
        RobertaConfig(vocab_size=VOCABULARY, num_hidden_layers=6, max_position_embeddings=514)
    )
    model.eval()
    tokenizer = Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))
    learners = _learners(model.config.hidden_size)
    app = FastAPI()

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/detect")
    async def detect(body: Texts) -> dict[str, list[float]]:
        with torch.no_grad():
            states = model(**_padded(tokenizer, body.texts)).last_hidden_state
        features = states.mean(dim=1).numpy()
        votes = np.mean([learner.predict_proba(features)[:, 1] for learner in learners], axis=0)
        return {"probabilities": votes.tolist()}

    return app


def _padded(tokenizer: Tokenizer, texts: list[str]) -> dict[str, torch.Tensor]:
    rows = [[0, *tokenizer.encode(text).ids[: MOST_TOKENS - 2], 2] for text in texts]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [1] * (longest - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": (ids != 1).long()}


def _learners(width: int) -> list[RandomForestClassifier | GradientBoostingClassifier | LogisticRegression]:
    generator = np.random.default_rng(0)
    features, label = generator.normal(size=(400, width)), generator.integers(0, 2, 400)
    made = [
        RandomForestClassifier(100, max_depth=10, n_jobs=1, random_state=0),
        GradientBoostingClassifier(n_estimators=50, max_depth=5, random_state=0),
        LogisticRegression(max_iter=200),
    ]
    return [learner.fit(features, label) for learner in made]
