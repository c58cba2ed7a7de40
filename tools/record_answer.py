"""Write down how the embedded detector reads its built-in text, for `neural-lab doctor` to compare with.

    python tools/record_answer.py

Once for every new embedded bundle, on a processor with VNNI, as those before.
"""

from __future__ import annotations

import json

from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.doctor.consistency import RECORDED, bundle_key

lab = open_lab(EMBEDDED, threads=1)
RECORDED.write_text(json.dumps({bundle_key(lab): list(lab.probe)}, indent=2) + "\n", "utf-8")
print(f"{RECORDED} is of {lab.detector.name} {lab.detector.version}.")
