"""Silences logs and warnings of libraries: our errors say the same."""

from __future__ import annotations


def silence() -> None:
    """botocore logs failed credentials with a traceback, which Python prints if no handler is set."""
    import logging  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
