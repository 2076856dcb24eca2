"""The libraries' own voices: what they log or warn of is in our errors, and must not mix with them."""

from __future__ import annotations


def silence() -> None:
    """botocore logs failed credentials with a traceback, which Python prints where nobody handles logs."""
    import logging  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
