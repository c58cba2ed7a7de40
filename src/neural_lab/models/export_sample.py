"""Prose that shows how large a model's numbers become; written for this, and no part of the comparison."""

SAMPLE = (
    "Nobody had wound the clock in the hall since the summer, and yet it struck nine as the removal "
    "men carried the piano past it. They stopped, all four of them, with the weight on their "
    'shoulders. "Well," said the oldest, "somebody lives here still." The estate agent laughed too '
    "loudly and looked at her list: carpets, curtains, the contents of the cellar.\n\nIn 2021 the "
    "region used 3,480 gigawatt hours of electricity, 12 % less than ten years before; most of the "
    "saving came from two paper mills that closed. Households used slightly more. Heat pumps explain a "
    "third of that rise, and nobody knows what explains the rest. The next survey (due in April) asks, "
    "for the first time, how many people work from home.\n\nCut the cabbage into fine strips, salt "
    "it and leave it for an hour. Press out the water. Heat oil in a wide pan; when a seed of cumin "
    "sizzles in it, add the rest, then the cabbage, a handful at a time. Do not cover the pan. After "
    "ten minutes it should be brown at the edges and still have some bite.\n\nfor (int i = 0; i < "
    "n; i++) { sum += a[i]; }  // O(n)\n\nDer Zug hielt auf offener Strecke. « Vous avez l'heure ? "
    "» demanda la dame d'en face. Nobody answered. WARNING: DO NOT OPEN THE DOORS. Ten minutes later "
    "we moved again, slowly, past a field with one horse; https://example.org/timetable still said "
    "that we were on time :)\n"
)
