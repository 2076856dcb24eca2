# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS session of a run, and who told its region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .aws.session import AwsSession
from .cluster.whereabouts import Whereabouts
from .deadline import Deadline
from .errors import InvalidFile, InvalidValue
from .model.names import check_region

if TYPE_CHECKING:
    from .where import Where


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
        (told.region, f"the region that {title} names,"),
        (where.defaults.region, "IAMSA_REGION"),
        (environ.get("AWS_REGION"), "AWS_REGION"),
        (environ.get("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"),
    )
    region, source = next((found for found in regions if found[0]), (None, "the region of the AWS profile,"))
    if region and not where.region:
        from_file(region, check_region, source)
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
        from_file(session.region, check_region, source)
    # As it stands in a sentence of an error, less what belongs to the sentence.
    told_by = source.removeprefix("the region that ").removeprefix("the region of ")
    return session, Origin("region", session.region, told_by.removesuffix(",").removesuffix(" names"))


def from_file(value: str, check: Callable[[str, str], str], what: str) -> None:
    """Check what the user did not type just now: it is no wrong option, and `what` says where it stands."""
    try:
        check(value, what)
    except InvalidValue as error:
        raise InvalidFile(error.problem, remedy=error.remedy, resource=what) from None
