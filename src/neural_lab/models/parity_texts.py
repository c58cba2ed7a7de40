"""Plain prose on which an export is compared with its original; written for this."""

TEXTS = (
    "The bakery at the corner opens at six, long before the first bus. By then the ovens have been "
    "warm for two hours, and the windows are white with steam. Mrs Halloran writes the day's loaves on "
    "a slate: rye, wheat, one with walnuts. People who work at the harbour buy two rolls each and eat "
    "them on the way. Nobody talks much. When the bus comes, the driver leaves the engine running and "
    "steps in for a coffee, which he pays for at the end of the month.",
    "Water moves through soil in two ways. Some of it sinks straight down under its own weight, "
    "through cracks and the tunnels that worms leave; the rest creeps sideways and even upwards, drawn "
    "by the fine pores between the grains. Clay holds more water than sand, but gives it back less "
    "readily, so a plant may wilt in wet clay and stand upright in sand that feels dry. Farmers learn "
    "this with their hands, and engineers with a tensiometer; both end up digging the same ditch.",
    "I had meant to leave on Thursday. Then the letter came, and my sister rang, and the man who was "
    "to mend the roof said that he could do it on Friday or not before spring. So I stayed. It rained "
    'on Friday. He did not come. "Next week," he said when I rang him, "if it holds." We both knew '
    "that it would not, and he laughed first. I unpacked the blue suitcase, put the kettle on, and "
    "read the letter again.",
    "The council approved the budget by nine votes to four. It sets aside 2.4 million for the repair "
    "of bridges, 310,000 for the library, and nothing for the swimming pool, which has been closed "
    "since 2019. Councillor Ødegård asked why the figures for heating had doubled; the treasurer "
    "answered that the old contract had ended in March. A second reading is planned for the 14th. "
    "Objections can be sent in writing until then, by post or at the counter of the town hall (room "
    "12, first floor).",
    "To fit a new inner tube, take the wheel off and press the valve to let out what air is left. Push "
    "the tyre towards the middle of the rim all the way round; this makes it loose enough to lift one "
    "side over the edge with two levers. Feel along the inside for thorns and glass before the new "
    "tube goes in. Pump it up a little so that it takes its shape. Work the tyre back with your "
    "thumbs, starting opposite the valve, and check that the tube is not caught anywhere.",
    "Of the forty-one letters that survive, most are short, and about money. He thanks for a parcel, "
    "asks for candles, complains of the price of hay. Only twice does he mention the work for which he "
    "is known today, and both times in passing: the cases had arrived, the lids had warped. Editors "
    "have found this disappointing. It seems to me the most natural thing about him. A man who "
    "measured the same river for thirty years had no need to tell his brother that it was wet.",
    "def mean(values):\n    total = 0.0\n    for value in values:\n        total += value\n    "
    "return total / len(values)\n\nThe function above fails for an empty list. Whether that is a "
    "fault depends on who calls it: a mean of nothing has no meaning, and an error at once is kinder "
    "than a number that nobody meant. If you would rather have a default, say so where the function is "
    "called.",
    "Zwischen den Häusern hing Nebel, als wir losgingen. Le sentier montait doucement vers la forêt, "
    "et on n'entendait que nos pas. Nadie hablaba. At the top we drank tea from a flask, 8 °C, no "
    "wind, the village below us like something left on a table – and then the sun came out, all at "
    "once, and everyone began to talk as if a door had been opened.",
)
