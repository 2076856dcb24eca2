"""Changes of an OIDC provider that emulators lack: audiences in both, tags and thumbprints in ministack.

IAM API reference: AddClientIDToOpenIDConnectProvider and RemoveClientIDFrom… are idempotent,
TagOpenIDConnectProvider overwrites, and Untag… ignores missing tags. The provider is deleted and created
again with the new lists, so its CreateDate changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.constraints import members, removed_keys, tags_of
from pocket_eks.gate.emulator import Emulator, Provider
from pocket_eks.gate.limits import TAGS
from pocket_eks.gate.message import Answer

Params = dict[str, str]


async def change(emulator: Emulator, action: str, params: Params) -> Answer:
    """Run one of ACTIONS. Raises AwsError."""
    arn = params.get("OpenIDConnectProviderArn", "")
    provider = await emulator.provider(arn)
    if provider is None:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}")
    wanted = ACTIONS[action](provider, params)
    if wanted != provider:
        await register_anew(emulator, arn, wanted)
    operation = action.removeprefix("iam:")
    xml = (
        f'<{operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>'
        f"<RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Answer(200, [(b"content-type", b"text/xml")], xml.encode())


def with_client_id(provider: Provider, params: Params) -> Provider:
    """Return the provider with another audience. Raises AwsError."""
    client_id = params.get("ClientID", "")
    if client_id in provider.client_ids:
        return provider
    if len(provider.client_ids) >= 100:
        raise AwsError("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
    return replace(provider, client_ids=[*provider.client_ids, client_id])


def without_client_id(provider: Provider, params: Params) -> Provider:
    """Return the provider without an audience."""
    kept = [one for one in provider.client_ids if one != params.get("ClientID", "")]
    return replace(provider, client_ids=kept)


def with_tags(provider: Provider, params: Params) -> Provider:
    """Return the provider with more tags or other values. Raises AwsError."""
    tags = list((dict(provider.tags) | dict(tags_of(params))).items())
    if len(tags) > TAGS:
        raise AwsError("LimitExceeded", "The number of tags has reached the maximum limit.")
    return replace(provider, tags=tags)


def without_tags(provider: Provider, params: Params) -> Provider:
    """Return the provider without the tags with these keys."""
    gone = removed_keys(params)
    return replace(provider, tags=[(key, value) for key, value in provider.tags if key not in gone])


def with_thumbprints(provider: Provider, params: Params) -> Provider:
    """Return the provider with other thumbprints."""
    return replace(provider, thumbprints=members(params, "ThumbprintList"))


ACTIONS: dict[str, Callable[[Provider, Params], Provider]] = {
    "iam:AddClientIDToOpenIDConnectProvider": with_client_id,
    "iam:RemoveClientIDFromOpenIDConnectProvider": without_client_id,
    "iam:TagOpenIDConnectProvider": with_tags,
    "iam:UpdateOpenIDConnectProviderThumbprint": with_thumbprints,
    "iam:UntagOpenIDConnectProvider": without_tags,
}


async def register_anew(emulator: Emulator, arn: str, provider: Provider) -> None:
    """Replace the provider with this ARN by another one."""
    form = {"Url": f"https://{provider.url}"}
    form |= {f"ClientIDList.member.{n}": one for n, one in enumerate(provider.client_ids, 1)}
    form |= {f"ThumbprintList.member.{n}": one for n, one in enumerate(provider.thumbprints, 1)}
    for n, (key, value) in enumerate(provider.tags, 1):
        form |= {f"Tags.member.{n}.Key": key, f"Tags.member.{n}.Value": value}
    await emulator.call("DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    await emulator.call("CreateOpenIDConnectProvider", **form)
