# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of binding in `registry.py`, with their writes."""

from __future__ import annotations

from .irsa.writer import IRSA_WRITER
from .writer import Writers

WRITERS: Writers = {IRSA_WRITER.name: IRSA_WRITER}
