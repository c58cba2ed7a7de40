"""Turns of phrase that assistants are fond of, collected by hand; no text was counted for it."""

import re

PHRASES = (
    "as a result of this", "as an ai", "as technology continues to", "at the end of the day",
    "a crucial role", "a deeper understanding", "a delicate balance", "a multifaceted",
    "a myriad of", "a pivotal role", "a plethora of", "a profound impact",
    "a rich tapestry", "a significant impact", "a sense of belonging", "a stark reminder",
    "a testament to", "a vital role", "a wide range of", "additionally,",
    "by embracing", "by fostering", "by understanding", "can be attributed to",
    "comprehensive overview", "comprehensive understanding", "cutting-edge", "delve into",
    "delves into", "embark on a journey", "ever-changing", "ever-evolving",
    "fosters a sense of", "from diverse backgrounds", "furthermore,", "game-changer",
    "harness the power of", "highlights the importance of", "highlights the need for", "holistic approach",
    "in conclusion,", "in summary,", "in today's digital age", "in today's fast-paced world",
    "in the realm of", "it is crucial to", "it is essential to", "it is important to note",
    "it is worth noting", "it's important to remember", "ensure that everyone", "left an indelible mark",
    "moreover,", "navigate the complexities", "navigating the", "not only enhances",
    "offers valuable insights", "on the other hand,", "overall,", "paving the way for",
    "plays a crucial role", "raises important questions", "serves as a reminder", "shed light on",
    "stand the test of time", "striking a balance", "the ever-evolving landscape", "the importance of",
    "the intricate", "the power of", "the transformative power", "ultimately,",
    "underscores the importance", "unlock the full potential", "valuable insights", "vibrant community",
)  # fmt: skip
PATTERN = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, PHRASES))})(?!\w)", re.IGNORECASE)
