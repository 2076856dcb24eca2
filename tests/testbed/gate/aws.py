"""The AWS side: EKS is answered here, IAM and STS are judged here and answered by the emulator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import escape

from testbed.gate import client_ids
from testbed.gate.authorization import Authorization
from testbed.gate.aws_errors import AwsError, aws_error
from testbed.gate.eks import Eks
from testbed.gate.emulator import Emulator, fake_authorization
from testbed.gate.limits import Limits
from testbed.gate.message import Answer, Named, Request, with_body
from testbed.gate.past import Past
from testbed.gate.present import Present
from testbed.gate.web_identity import Grant, WebIdentity

REWORDED = (
    (re.compile(rb"(?<=<Message>)Role (\S+) not found(?=</)"), rb"The role with name \1 cannot be found."),
    (
        re.compile(rb"(?<=<Message>)Policy Document (\S+) not attached to role \S+(?=</)"),
        rb"The role policy with name \1 cannot be found.",
    ),
    (
        re.compile(rb"(?<=<Message>)Policy (arn:\S+) not found(?=</)"),
        rb"Policy \1 does not exist or is not attachable.",
    ),
)


class Aws:
    """The account: the emulator, now and some seconds ago, and what is laid over it."""

    def __init__(
        self,
        present: Present,
        past: Past,
        emulator: Emulator,
        eks: Eks,
        web_identity: WebIdentity,
        authorization: Authorization,
        region: str,
    ) -> None:
        self._present = present
        self._past = past
        self._emulator = emulator
        self._eks = eks
        self._web_identity = web_identity
        self._authorization = authorization
        self._limits = Limits(emulator)
        self._region = region

    async def answer(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        """AWS's answer, or its refusal."""
        try:
            return await self._judged(request, named, reached)
        except AwsError as error:
            return aws_error(named.service, error.code, error.message)

    async def _judged(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        await self._authorization.check(request, named)
        if named.service == "eks":
            return self._eks.answer(request, named)
        if named.action == "sts:AssumeRoleWithWebIdentity":
            grant = await self._web_identity.judge(named.params)
            return told(grant, await self._present.whole(self._signed(request), reached))
        if named.service == "iam" and named.write:
            # One write at a time: between a check and its write no other may use up the quota.
            async with self._present.alone():
                await self._limits.check(named.action, named.params)
                if named.action in client_ids.ACTIONS:
                    reached()
                    return await client_ids.change(self._emulator, named.action, named.params)
                return adapted(named, await self._present.whole(request, reached))
        if named.service == "iam":
            await self._limits.check(named.action, named.params)
            return adapted(named, await self._past.whole(request, reached))
        return adapted(named, await self._present.whole(request, reached))

    def _signed(self, request: Request) -> Request:
        # The call is unsigned, and without a scope the emulator takes it to be us-east-1's.
        kept = [(key, value) for key, value in request.headers if key != b"authorization"]
        header = (b"authorization", fake_authorization(self._region, "sts").encode())
        return replace(request, headers=[*kept, header])


def refuse(named: Named, code: str, message: str | None) -> Answer:
    """An error that a fault asks for."""
    return aws_error(named.service, code, message)


def told(grant: Grant, answer: Answer) -> Answer:
    """The emulator's answer with what it leaves out or makes up (STS API reference)."""
    role_id = f"<AssumedRoleId>{grant.role_id}:{escape(grant.session)}</AssumedRoleId>"
    body = re.sub(rb"<AssumedRoleId>.*?</AssumedRoleId>", lambda _: role_id.encode(), answer.body)
    more = (
        f"<SubjectFromWebIdentityToken>{escape(grant.subject)}</SubjectFromWebIdentityToken>"
        f"<Audience>{escape(grant.audience)}</Audience><Provider>{escape(grant.provider_arn)}</Provider>"
    )
    end = b"</AssumeRoleWithWebIdentityResult>"
    return with_body(answer, body.replace(end, more.encode() + end))


def adapted(named: Named, answer: Answer) -> Answer:
    """The emulator's answer, in IAM's words where it has its own; what it cannot do is 501."""
    if answer.status == 500 and answer.body.lstrip().startswith(b"<!doctype html>"):
        return aws_error(named.service, "NotImplementedException", f"The emulator has no {named.action}.")
    if answer.status not in (404, 409):
        return answer
    body = answer.body
    for own, words in REWORDED:
        body = own.sub(words, body)
    return with_body(answer, body)
