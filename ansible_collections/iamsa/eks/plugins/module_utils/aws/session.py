# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS clients of a session, with explicit retries and timeouts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from ..concurrency import CONNECTIONS, Desk
from ..deadline import Deadline
from ..errors import RemoteError
from .call import THROTTLED, one_line, translated
from .mfa import asked_device, checked_code
from .options import AwsOptions
from .proxies import refuse_socks
from .unusable import refuse_unprintable, unusable

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_eks import EKSClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_sts import STSClient

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
ATTEMPTS = 8


class AwsSession:
    """The AWS clients for one region and profile; each is created on first use. Thread-safe.

    `botocore` is a botocore session whose configuration was read. `profile` is the profile that a flag or the
    kubeconfig names, and `profile_in_force` the profile in use. `device` is the profile's MFA device, or "".
    `request_timeout` is in seconds.
    """

    def __init__(
        self,
        botocore: Any,
        region: str,
        deadline: Deadline,
        *,
        profile: str | None = None,
        profile_in_force: str = "default",
        device: str = "",
        request_timeout: float | None = None,
        user_agent: str = "iamsa",
        options: AwsOptions | None = None,
    ) -> None:
        from botocore import UNSIGNED  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        self.region = region
        self.profile = profile
        self._botocore = botocore
        self._profile = profile_in_force
        self._device = device
        self._options = options or AwsOptions()
        self._deadline = deadline
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, Config], Any] = {}
        self._config = Config(
            region_name=self.region,
            # Unlike max_attempts, this includes the first attempt.
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            connect_timeout=request_timeout or CONNECT_SECONDS,
            read_timeout=request_timeout or READ_SECONDS,
            max_pool_connections=CONNECTIONS,
            user_agent_extra=user_agent,
        )
        self._once = self._config.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
        self._unsigned = self._config.merge(Config(signature_version=UNSIGNED))
        # Calls that get credentials need the same timeouts and region.
        self._botocore.set_default_client_config(self._config)
        self._desk = Desk()

    def log_in(self) -> None:
        """Prompt for the profile's MFA code if it requires one, before any other call.

        Must be called in the main thread, because only that can prompt. Other credentials are loaded by the
        first call that needs them.

        Raises:
            Unlocated: there is no terminal, or no code was entered.
            Denied, RemoteError: AWS rejected the code.
        """
        if self._device:
            self._desk.bounded("getting the AWS credentials", self._load_credentials, self._deadline)

    def _load_credentials(self) -> None:
        with translated("getting the AWS credentials", profile=self._profile), _unreadable_settings():
            credentials = self._botocore.get_credentials()
            # Keys in the environment take precedence over AWS_PROFILE, and need no code.
            if credentials is not None and credentials.method == "assume-role":
                credentials.get_frozen_credentials()

    def code(self, prompt: str) -> str:
        """The MFA code; botocore calls this in the thread that needs credentials."""
        ask, device, profile = self._options.ask_code, asked_device(prompt) or self._device, self._profile
        answer = None
        if ask and self._desk.is_open:
            question = f"MFA code for {device} (AWS profile {profile}): "
            answer = self._desk.call(
                lambda: self._deadline.without(lambda: ask(question, self._deadline.seconds))
            )
        return checked_code(answer, device, profile)

    @property
    def iam(self) -> IAMClient:
        """The IAM client."""
        return cast("IAMClient", self._client("iam"))

    @property
    def iam_once(self) -> IAMClient:
        """An IAM client without retries, for writes whose conditions must be checked again first."""
        return cast("IAMClient", self._client("iam", once=True))

    @property
    def eks(self) -> EKSClient:
        """The EKS client."""
        return cast("EKSClient", self._client("eks"))

    @property
    def sts(self) -> STSClient:
        """The STS client, for signed calls."""
        return cast("STSClient", self._client("sts"))

    @property
    def unsigned_sts(self) -> STSClient:
        """A client for unsigned calls, which loads no credentials."""
        return cast("STSClient", self._client("sts", unsigned=True))

    def sts_of(self, keys: tuple[str, str, str]) -> STSClient:
        """A client that signs with this access key, secret key and session token. The caller closes it."""
        with self._lock:
            return cast("STSClient", self._built("sts", self._config, keys))

    def _client(self, service: str, *, unsigned: bool = False, once: bool = False) -> Any:
        config = self._unsigned if unsigned else self._once if once else self._config
        with self._lock:
            if (service, config) not in self._clients:
                self._clients[service, config] = self._built(service, config)
            return self._clients[service, config]

    def _built(self, service: str, config: Config, keys: tuple[str, ...] = ()) -> Any:
        key, secret, token = keys or (None, None, None)
        with translated(f"preparing calls to {service}", profile=self._profile), _unreadable_settings():
            client = self._botocore.create_client(
                service,
                config=config,
                endpoint_url=self._options.endpoint_url,
                verify=self._options.verify,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=token,
            )
        refuse_socks(client.meta.endpoint_url)
        # Retries must not carry the run past its deadline.
        if not keys and config is not self._unsigned:
            client.meta.events.register_first("provide-client-params", self._load)
        client.meta.events.register("before-send", self._before_send)
        client.meta.events.register("response-received", self._received)
        return client

    def _load(self, **_: object) -> None:
        """Load the credentials, which botocore would do next, to name their profile if that fails."""
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        try:
            credentials = self._botocore.get_credentials()
            frozen = credentials.get_frozen_credentials() if credentials is not None else ()
        except BotoCoreError as error:
            failed = unusable(error, one_line(str(error)), self._profile)
            if failed:
                raise failed from error
            raise
        refuse_unprintable(frozen[:3], self._profile if credentials and credentials.method != "env" else "")

    def _before_send(self, request: Any, event_name: str, **_: object) -> None:
        self._deadline.check("waiting for AWS")
        host = urlsplit(request.url).netloc.rpartition("@")[2]
        self._deadline.calling(f"{host} has not answered {_action(event_name)}")

    def _received(self, parsed_response: Any, event_name: str, **_: object) -> None:
        """Botocore retries throttled calls, and calls without an answer, within the run's time."""
        code = (parsed_response or {}).get("Error", {}).get("Code", "")
        if code in THROTTLED:
            self._deadline.calling(f"AWS throttles {_action(event_name)}")
        elif parsed_response is not None:
            self._deadline.answered()

    def sts_signer(self) -> Any:
        """botocore's RequestSigner for STS, with the session's credentials."""
        from botocore.exceptions import NoCredentialsError  # noqa: PLC0415
        from botocore.signers import RequestSigner  # noqa: PLC0415

        meta = self.sts.meta
        credentials = self._botocore.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        emitter = self._botocore.get_component("event_emitter")
        service = meta.service_model.service_id
        return RequestSigner(service, meta.region_name, "sts", "v4", credentials, emitter)


def _action(event_name: str) -> str:
    """`iam:GetRole` of an event such as `before-send.iam.GetRole`."""
    return ":".join(event_name.split(".")[1:3])


@contextmanager
def _unreadable_settings() -> Iterator[None]:
    """Translate what botocore raises unwrapped: a credential_process that fails to start or prints no JSON,
    and an invalid endpoint URL. The output may contain a secret and is not shown."""
    try:
        yield
    except OSError as error:
        raise RemoteError(
            f"the AWS credentials cannot be read: {(error.strerror or 'unknown reason').lower()}",
            code="Credentials",
            remedy="check the credential_process of the AWS profile",
        ) from error
    except ValueError as error:
        if "endpoint" in str(error).lower():
            raise RemoteError(
                "the AWS endpoint URL is invalid",
                code="Endpoint",
                remedy="check AWS_ENDPOINT_URL and endpoint_url in the AWS configuration",
            ) from error
        raise RemoteError(
            f"the AWS configuration or credentials cannot be read ({type(error).__name__})",
            code="Credentials",
            remedy="check the AWS profile, and run its credential_process by hand if it has one",
        ) from error
