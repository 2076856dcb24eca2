class WorldError(Exception):
    """The world cannot be had; the text is one sentence for the user, perhaps with a log's end below it."""
