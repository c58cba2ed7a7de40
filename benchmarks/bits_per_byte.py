"""Bits per byte of the served language model on text it was not trained on: RUN is a folder of `train lm`."""

import sys
from pathlib import Path

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED
from neural_lab.training.bits_per_byte import bits_per_byte

if __name__ == "__main__":
    bundle = Path(sys.argv[2]) if len(sys.argv) > 2 else EMBEDDED
    for name, bits, size in bits_per_byte(Path(sys.argv[1]) / "tokens", Bundle(bundle).scorer()):
        print(f"| {name} | {bits:.3f} | {size:,} |")
