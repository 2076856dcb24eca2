# SPDX-License-Identifier: GPL-3.0-or-later

"""Open a session: read the AWS configuration by AWS's usual rules.

Uses botocore.session instead of boto3.Session, which takes twice as long to import because of s3transfer.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from ..deadline import Deadline
from ..errors import Unlocated, quoted
from ..wording.text import Option, Sentence
from . import credential_process
from .call import translated
from .files import check_files
from .mfa import device_of, install
from .options import AwsOptions
from .session import AwsSession

if TYPE_CHECKING:
    from botocore.session import Session


def open_session(
    region: str | None,
    profile: str | None,
    deadline: Deadline,
    *,
    profile_source: Sentence = Option("profile"),
    environment_profile: str | None = None,
    request_timeout: float | None = None,
    user_agent: str = "iamsa",
    options: AwsOptions | None = None,
) -> AwsSession:
    """A session in `region`, or in the profile's region; credentials are loaded later.

    `profile` takes precedence over keys in the environment, which take precedence over
    `environment_profile`. `profile_source` says in messages where the profile's name is set.
    `request_timeout` is in seconds.

    Raises:
        Unlocated: the profile does not exist, or the region could not be determined.
        InvalidFile: a file that the configuration names is a pipe or a device.
        RemoteError: the AWS configuration cannot be read.
    """
    from botocore.configprovider import ConstantProvider  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    options = options or AwsOptions()
    botocore = Session(profile=profile)
    if environment_profile and not profile:
        # Like AWS_PROFILE: keys in the environment take precedence.
        store = botocore.get_component("config_store")
        store.set_config_provider("profile", ConstantProvider(environment_profile))
    with translated("reading the AWS configuration"):
        _require_profile(botocore, profile or environment_profile, profile_source)
        data_path = botocore.get_config_variable("data_path")
        botocore.register_component("data_loader", _models(data_path))
        region = region or botocore.get_config_variable("region")
    if not region:
        raise Unlocated("the AWS region could not be determined", remedy="use " + Option("region"))
    with translated("reading the AWS configuration"):
        check_files(botocore, os.environ, options.ca_bundle)
        in_force = profile or botocore.get_config_variable("profile") or "default"
        profiles = botocore.full_config.get("profiles", {})
    if options.keys:
        botocore.set_credentials(*options.keys)
    device = "" if options.keys else device_of(profiles, in_force)
    session = AwsSession(
        botocore,
        region,
        deadline,
        profile=profile or (None if os.environ.get("AWS_ACCESS_KEY_ID") else environment_profile),
        profile_in_force=in_force,
        device=device,
        request_timeout=request_timeout,
        user_agent=user_agent,
        options=options,
    )
    with translated("reading the AWS configuration"):
        credential_process.bound(botocore, deadline)
        if device:
            install(botocore, session.code)
    return session


def _require_profile(session: Session, profile: str | None, source: Sentence) -> None:
    name = profile or session.get_config_variable("profile")
    if name and name not in session.available_profiles:
        raise Unlocated(
            f"AWS profile {quoted(name)} (from "
            + (source if profile else "AWS_PROFILE")
            + ") does not exist",
            remedy="use another "
            + Option("profile")
            + "; to list the profiles, run: aws configure list-profiles",
        )


@cache
def _models(data_path: str | None) -> Any:
    """AWS's service models, cached because every session would parse them again."""
    from botocore.loaders import create_loader  # noqa: PLC0415

    return create_loader(data_path)
