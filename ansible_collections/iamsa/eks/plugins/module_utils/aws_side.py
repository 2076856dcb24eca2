# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS session of a run, and who told its region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .aws.session import AwsSession
from .cluster.whereabouts import Whereabouts
from .deadline import Deadline
from .errors import InvalidFile, InvalidValue
from .model.names import check_region

if TYPE_CHECKING:
    from .where import Where

Value = TypeVar("Value")

PROFILE = "the AWS profile"


@dataclass(frozen=True)
class Origin:
    """Where a value of this run comes from; both are for people, and never secret."""

    what: str
    value: str
    source: str


def open_session(
    where: Where, told: Whereabouts, title: str, environ: Mapping[str, str], deadline: Deadline
) -> tuple[AwsSession, Origin]:
    """The AWS side: what the user says wins over the kubeconfig, and that over the environment."""
    regions = (
        (where.region, "--region"),
        (told.region, title),
        (where.defaults.region, "IAMSA_REGION"),
        (environ.get("AWS_REGION"), "AWS_REGION"),
        (environ.get("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"),
    )
    region, source = next((found for found in regions if found[0]), (None, PROFILE))
    in_sentence = {title: f"the region that {title} names,", PROFILE: f"the region of {PROFILE},"}
    sentence = in_sentence.get(source, source)
    if region and not where.region:
        from_file(region, check_region, sentence)
    session = AwsSession(
        region,
        where.profile or told.profile,
        deadline,
        profile_source="--profile" if where.profile else f"the profile that {title} names,",
        request_timeout=where.connection.request_timeout,
        user_agent=where.connection.user_agent,
        options=where.aws,
    )
    if not region:
        from_file(session.region, check_region, sentence)
    return session, Origin("region", session.region, source)


def from_file(value: str, check: Callable[[str, str], Value], what: str) -> Value:
    """What `check` makes of a value that the user did not type just now: it is no wrong option, and `what`
    says where it stands.

    Raises:
        InvalidFile: it cannot be right.
    """
    try:
        return check(value, what)
    except InvalidValue as error:
        raise InvalidFile(error.problem, remedy=error.remedy, resource=what) from None
