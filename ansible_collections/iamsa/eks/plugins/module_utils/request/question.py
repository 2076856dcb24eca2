# SPDX-License-Identifier: GPL-3.0-or-later

"""Validates a question to IAM's policy simulator."""

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
    """The question, without duplicates; raises InvalidValue for an invalid action or resource."""
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise InvalidValue(
                fields[0],
                excerpt(action),
                "must be an IAM action",
                remedy="use the form s3:GetObject, without *",
            )
    for resource in resources:
        if not _RESOURCE.fullmatch(resource):
            raise InvalidValue(
                fields[1],
                excerpt(resource),
                "must be an ARN",
                remedy="use the form arn:aws:s3:::bucket/key, or * for all resources",
            )
    return Question(tuple(dict.fromkeys(actions)), tuple(dict.fromkeys(resources)) or ("*",))
