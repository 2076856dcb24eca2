"""Silences logs and warnings of libraries, which repeat our errors."""

from __future__ import annotations


def silence() -> None:
    """Silence logs: botocore logs failed credentials with a traceback, which Python prints by default."""
    import logging  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
