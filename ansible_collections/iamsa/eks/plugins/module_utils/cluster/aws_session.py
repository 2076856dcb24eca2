# SPDX-License-Identifier: GPL-3.0-or-later

"""Open the AWS session of a run, and determine its region and credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..aws.open_session import open_session
from ..aws.options import AwsOptions
from ..aws.profiles import has_credentials
from ..aws.session import AwsSession
from ..concurrency import bounded
from ..deadline import Deadline
from ..errors import InvalidFile, InvalidValue, Unlocated
from ..kube.config.plugin_login import ACCESS_KEY, PluginLogin, is_inside
from ..model.names import check_region
from ..wording.text import THE_PROGRAM, Option, Sentence
from .access import Origin
from .infer_eks import InferredEks

if TYPE_CHECKING:
    from .target import Where

Value = TypeVar("Value")


PROFILE = "the AWS profile"


def session_for(
    where: Where, inferred: InferredEks, title: str, environ: Mapping[str, str], deadline: Deadline
) -> tuple[AwsSession, Origin, tuple[str, ...]]:
    """The AWS session, the source of its region, and notices for the user.

    Options take precedence over the kubeconfig, and the kubeconfig over the environment. A notice says so if
    AWS and the API server are called with different identities.

    Raises:
        Unlocated: the region or the credentials could not be determined, or the profile does not exist.
        InvalidFile: the kubeconfig, the environment or the AWS configuration has an invalid value.
        RemoteError: the AWS configuration cannot be read.
    """
    regions: tuple[tuple[str | None, Sentence], ...] = (
        (where.region, Option("region")),
        (inferred.region, title),
        (where.defaults.region, "IAMSA_REGION"),
        (environ.get("AWS_REGION"), "AWS_REGION"),
        (environ.get("AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION"),
    )
    region, source = next((found for found in regions if found[0]), (None, PROFILE))
    in_sentence: dict[Sentence, str] = {
        title: f"the region that {title} names",
        PROFILE: f"the region of {PROFILE}",
    }
    sentence = in_sentence.get(source, str(source))
    if region and not where.region:
        from_file(region, check_region, sentence)
    login = _login(where, inferred, title, environ, deadline)
    session = open_session(
        region,
        login.profile,
        deadline,
        profile_source=Option("profile") if where.profile else title,
        environment_profile=login.environment_profile,
        request_timeout=where.connection.request_timeout,
        user_agent=where.connection.user_agent,
        options=login.options,
    )
    if not region:
        from_file(session.region, check_region, sentence)
    notices = (
        login.notice,
        _of_token_alone(inferred.login.role, title) if inferred.login.role else "",
        _from_elsewhere(where, inferred.login, title, environ),
    )
    return session, Origin("region", session.region, source), tuple(filter(None, notices))


class _Login(NamedTuple):
    """Credentials for open_session. `notice` says if the API server is called with another identity."""

    options: AwsOptions
    profile: str | None = None
    environment_profile: str | None = None
    notice: str = ""


def _login(
    where: Where, inferred: InferredEks, title: str, environ: Mapping[str, str], deadline: Deadline
) -> _Login:
    """The credentials that also make the context's token, unless the user sets others.

    Raises:
        Unlocated: the credentials are in the store of a program that would have to run iamsa.
    """
    options, login = where.aws, inferred.login
    if where.profile or options.keys:
        return _Login(options, where.profile, notice=_differs(where, login, title))
    if login.keys:
        key, secret, token = login.keys
        return _Login(replace(options, access_key=key, secret_key=secret, session_token=token))
    if login.named:
        return _Login(options, login.profile)
    if login.wrapper and login.profile and not is_inside(login.wrapper, login.profile, environ):
        return _from_store(login.wrapper, login.profile, title, options, environ, deadline)
    return _Login(options, environment_profile=None if login.wrapper else login.profile)


def _differs(where: Where, login: PluginLogin, title: str) -> str:
    """The notice if the context's exec plugin keeps its own profile or credentials; else ""."""
    ours = f"with profile {where.profile}" if where.profile else "with the given access key"
    if login.runner and not (where.profile and login.profile == where.profile):
        return (
            f"AWS is called {ours}, but the API server with the credentials that {login.runner} provides,"
            f" as {title} specifies"
        )
    if not (login.named or login.wrapper) or login.profile == where.profile:
        return ""
    return f"AWS is called {ours}, but the API server with profile {login.profile}, which {title} specifies"


def _from_store(
    wrapper: str,
    profile: str,
    title: str,
    options: AwsOptions,
    environ: Mapping[str, str],
    deadline: Deadline,
) -> _Login:
    """The profile of the same name in the AWS configuration, or else the keys in the environment."""
    if bounded("looking for AWS credentials", lambda: has_credentials(profile, deadline), deadline):
        return _Login(options, profile)
    if environ.get(ACCESS_KEY):
        notice = (
            "AWS is called with the keys in the environment, but the API server "
            f"with those of {wrapper} exec {profile}, which {title} specifies"
        )
        return _Login(options, notice=notice)
    raise Unlocated(
        f"the token of {title} comes from {wrapper} exec {profile}, "
        f"but there are no AWS credentials in profile {profile} or in the environment",
        remedy=f"run {wrapper} exec {quote(profile)} -- " + THE_PROGRAM,
        resource=f"profile {profile}",
    )


def _of_token_alone(role: str, title: str) -> str:
    return (
        f"the API server is called as role {role}, which {title} specifies only for its token, "
        "but AWS with the credentials that assume the role"
    )


def _from_elsewhere(where: Where, login: PluginLogin, title: str, environ: Mapping[str, str]) -> str:
    if where.aws.keys:
        return ""
    names = login.sources_apart(environ, is_given=bool(where.profile))
    return (
        f"{title} sets {' and '.join(names)} only for the API server's token, "
        "so AWS may be called with another identity: set the same variables in the environment"
        if names
        else ""
    )


def from_file(value: str, check: Callable[[str, str], Value], what: str) -> Value:
    """What `check` returns for a value from a file or the environment; `what` describes its source.

    Raises:
        InvalidFile: the value is invalid. It is not InvalidValue, which is for options.
    """
    try:
        return check(value, what)
    except InvalidValue as error:
        raise InvalidFile(error.problem, remedy=error.remedy, resource=what) from None
