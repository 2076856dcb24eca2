"""AddClientIDToOpenIDConnectProvider and RemoveClientIDFrom…, which the emulator does not have.

IAM API reference: both are idempotent. The provider is deleted and registered anew with the other list,
so its CreateDate is not kept.
"""

from __future__ import annotations

import uuid

from testbed.gate.aws_errors import AwsError
from testbed.gate.emulator import Emulator, Provider
from testbed.gate.message import Answer

ADD = "AddClientIDToOpenIDConnectProvider"
REMOVE = "RemoveClientIDFromOpenIDConnectProvider"
ACTIONS = (f"iam:{ADD}", f"iam:{REMOVE}")


async def change(emulator: Emulator, action: str, params: dict[str, str]) -> Answer:
    """Carry out one of ACTIONS; raises AwsError."""
    arn = params.get("OpenIDConnectProviderArn", "")
    provider = await emulator.provider(arn)
    if provider is None:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}")
    client_id = params.get("ClientID", "")
    others = [one for one in provider.client_ids if one != client_id]
    wanted = [*others, client_id] if action == ACTIONS[0] else others
    if len(wanted) > 100:
        raise AwsError("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
    if sorted(wanted) != sorted(provider.client_ids):
        await register_anew(emulator, arn, provider, wanted)
    operation = action.removeprefix("iam:")
    xml = (
        f'<{operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>'
        f"<RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Answer(200, [(b"content-type", b"text/xml")], xml.encode())


async def register_anew(emulator: Emulator, arn: str, provider: Provider, client_ids: list[str]) -> None:
    """Replace the provider by one that has these client IDs and else the same."""
    form = {"Url": f"https://{provider.url}"}
    form |= {f"ClientIDList.member.{n}": one for n, one in enumerate(client_ids, 1)}
    form |= {f"ThumbprintList.member.{n}": one for n, one in enumerate(provider.thumbprints, 1)}
    for n, (key, value) in enumerate(provider.tags, 1):
        form |= {f"Tags.member.{n}.Key": key, f"Tags.member.{n}.Value": value}
    await emulator.call("DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    await emulator.call("CreateOpenIDConnectProvider", **form)
