"""Small models of the architectures that people name: random weights in a folder, with a real tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

PROSE = (
    "The committee met on Tuesday, and nobody could say afterwards what had been decided. "
    "A river ran slowly past the mill; the miller's daughter counted ducks, forty-one of them, "
    "and wrote the number into a book that no one would read. Żółw, naïve café, Москва, שלום, 漢字 😀. "
)
PLACES = 48
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def tokenizer(prefix: bool, suffix: bool) -> Tokenizer:
    """A byte-level BPE of 400 tokens, as GPT-2 and RoBERTa have it."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=[*SPECIAL], initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator([PROSE], trainer)
    single = f"{'<s> ' if prefix else ''}$A{' </s>' if suffix else ''}"
    if prefix or suffix:
        made.post_processor = processors.TemplateProcessing(
            single=single, special_tokens=[("<s>", 0), ("</s>", 2)]
        )
    made.enable_truncation(16)
    made.enable_padding(length=16)
    return made


def spaced_tokenizer() -> Tokenizer:
    """A BPE on whole characters that falls back to bytes, as Llama has it."""
    made = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    plain = PROSE.encode("ascii", "ignore").decode()
    made.train_from_iterator(
        [plain], trainers.BpeTrainer(vocab_size=400, special_tokens=tokens, show_progress=False)
    )
    return made


def gpt2(**more: Any) -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    sizes = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": PLACES, "initializer_range": 0.5}
    return GPT2LMHeadModel(GPT2Config(vocab_size=400, bos_token_id=2, eos_token_id=2, **sizes | more))


def llama(**more: Any) -> Any:
    """Rotary positions, and a head with weights of its own; saved as bfloat16, as most are."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    ids = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 0}
    options = SIZES | ids | {"num_key_value_heads": 1, "max_position_embeddings": PLACES}
    config = LlamaConfig(vocab_size=420, tie_word_embeddings=False, initializer_range=0.3, **options | more)
    return LlamaForCausalLM(config).to(torch.bfloat16)


def gemma2() -> Any:
    """Its logits are kept below a cap."""
    from transformers import Gemma2Config, Gemma2ForCausalLM

    sizes = {
        "head_dim": 16,
        "num_key_value_heads": 1,
        "max_position_embeddings": PLACES,
        "sliding_window": 16,
    }
    ids = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1}
    config = Gemma2Config(
        vocab_size=400, final_logit_softcapping=3.0, initializer_range=0.3, **SIZES | sizes | ids
    )
    return Gemma2ForCausalLM(config)


def granite() -> Any:
    """Its logits are divided by a number."""
    from transformers import GraniteConfig, GraniteForCausalLM

    ids = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "num_key_value_heads": 1}
    config = GraniteConfig(
        vocab_size=400,
        logits_scaling=1.7,
        initializer_range=0.3,
        max_position_embeddings=PLACES,
        **SIZES | ids,
    )
    return GraniteForCausalLM(config)


def roberta() -> Any:
    from transformers import RobertaConfig, RobertaModel

    ids = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "type_vocab_size": 1}
    config = RobertaConfig(
        vocab_size=400, max_position_embeddings=PLACES + 2, initializer_range=0.3, **SIZES | ids
    )
    return RobertaModel(config, add_pooling_layer=False)


def bert() -> Any:
    """With a pooler, which nobody uses, and positions from the first on."""
    from transformers import BertConfig, BertModel

    return BertModel(
        BertConfig(vocab_size=400, max_position_embeddings=PLACES, initializer_range=0.3, **SIZES)
    )


BUILDERS: dict[str, tuple[Callable[[], Any], bool, bool]] = {
    "gpt2": (gpt2, False, False),
    "llama": (llama, True, False),
    "gemma2": (gemma2, True, False),
    "granite": (granite, True, False),
    "roberta": (roberta, True, True),
    "bert": (bert, True, True),
}


def save(kind: str, folder: Path) -> Path:
    """Write a model of a kind of `BUILDERS` with its tokenizer."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    build, prefix, suffix = BUILDERS[kind]
    torch.manual_seed(7)
    build().eval().save_pretrained(folder)
    tokenizer(prefix, suffix).save(str(folder / "tokenizer.json"))
    return folder
