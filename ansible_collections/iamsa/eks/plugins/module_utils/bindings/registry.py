# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of binding that there are, by what `via` calls them; the first is the usual one."""

from __future__ import annotations

from .binding import Kinds
from .irsa.kind import IRSA

KINDS: Kinds = {IRSA.name: IRSA}
