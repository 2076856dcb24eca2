# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of what IAM's policy simulator is to be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import InvalidValue, excerpt
from ..model.simulation import Question
from ..wording.text import Option, Sentence

_ACTION = re.compile(r"[a-z0-9-]{2,63}:[A-Za-z0-9]{1,64}")
_RESOURCE = re.compile(r"\*|arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9a-z*]*:[!-~]{1,1800}")


def check_question(
    actions: Sequence[str],
    resources: Sequence[str],
    *,
    fields: tuple[Sentence, Sentence] = (Option("can"), Option("on")),
) -> Question:
    """Raises InvalidValue for what is no action or no resource of IAM."""
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise InvalidValue(
                fields[0], excerpt(action), "is no action", remedy="write it as s3:GetObject, without a *"
            )
    for resource in resources:
        if not _RESOURCE.fullmatch(resource):
            raise InvalidValue(
                fields[1],
                excerpt(resource),
                "is no ARN",
                remedy="write it as arn:aws:s3:::bucket/key, or * for all",
            )
    return Question(tuple(dict.fromkeys(actions)), tuple(dict.fromkeys(resources)) or ("*",))
