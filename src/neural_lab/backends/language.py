"""Language identification by py3langid: n-grams of bytes and naive Bayes, 139 languages, offline."""

from functools import cached_property
from typing import Any


class LangId:
    """A `LanguageIdentifier`; its table (about 80 MB in memory) is read when first needed."""

    def identify(self, text: str) -> tuple[str, float]:
        """ISO 639 code and probability of the likeliest language; `zxx` is none at all."""
        language, probability = self._identifier.classify(text)
        return str(language), float(probability)

    @cached_property
    def _identifier(self) -> Any:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
