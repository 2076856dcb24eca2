"""ministack, the other AWS emulator: its virtual environment, and how it is run."""
