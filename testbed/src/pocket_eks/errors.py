class WorldError(Exception):
    """A world cannot be started or used. The text is for the user, and can have the end of a log."""
