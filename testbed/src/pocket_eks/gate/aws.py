"""The AWS side: answers EKS calls itself, and checks IAM and STS calls before the emulator answers them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import escape

from pocket_eks.gate import provider_changes
from pocket_eks.gate.assume_role import AssumeRole
from pocket_eks.gate.authorization import USER, Authorization
from pocket_eks.gate.aws_calls import access_key
from pocket_eks.gate.aws_errors import AwsError, aws_error
from pocket_eks.gate.config import Config
from pocket_eks.gate.eks import Eks, subjects
from pocket_eks.gate.emulator import Emulator, fake_authorization
from pocket_eks.gate.limits import Limits
from pocket_eks.gate.message import Answer, Named, Request, with_body
from pocket_eks.gate.past import Past
from pocket_eks.gate.present import Present
from pocket_eks.gate.sessions import Sessions
from pocket_eks.gate.settings import Settings
from pocket_eks.gate.simulator import ACTIONS as SIMULATIONS
from pocket_eks.gate.simulator import Simulator
from pocket_eks.gate.templates import with_lists
from pocket_eks.gate.web_identity import Grant, WebIdentity
from pocket_eks.gate.wording import adapted, as_user

CONCURRENT = {
    "iam:CreateRole": "",
    "iam:TagRole": "The previous tagging operation is still ongoing",
    "iam:UntagRole": "The previous tagging operation is still ongoing",
}
"""What IAM says of a ConcurrentModification where that is not the usual (recorded 2024 and 2025)."""
WEB_IDENTITY = re.compile(rb"<(SubjectFromWebIdentityToken|Audience|Provider)>.*?</\1>")


class Aws:
    """The account: the emulator, now and some seconds ago, and what the gate changes about it."""

    def __init__(
        self,
        present: Present,
        past: Past,
        emulator: Emulator,
        eks: Eks,
        web_identity: WebIdentity,
        authorization: Authorization,
        simulator: Simulator,
        sessions: Sessions,
        assume_role: AssumeRole,
        settings: Settings,
        config: Config,
    ) -> None:
        self._present = present
        self._past = past
        self._emulator = emulator
        self._eks = eks
        self._web_identity = web_identity
        self._authorization = authorization
        self._simulator = simulator
        self._sessions = sessions
        self._assume_role = assume_role
        self._limits = Limits(emulator, settings)
        self._config = config

    async def answer(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        """Return AWS's answer, which may be an error."""
        try:
            return await self._judged(request, named, reached)
        except AwsError as error:
            about = subjects(request, error.code) if named.service == "eks" else None
            return aws_error(named.service, error.code, error.message, about)

    async def _judged(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        await self._authorization.check(request, named)
        if named.service == "eks":
            return await self._eks.answer(request, named, reached)
        if named.service == "sts":
            return await self._sts(request, named, reached)
        if named.service == "iam" and named.write:
            # One write at a time: no other write may use up the quota between a check and its write.
            async with self._present.alone():
                await self._limits.check(named.action, named.params)
                if named.action in provider_changes.ACTIONS:
                    reached()
                    return await provider_changes.change(self._emulator, named.action, named.params)
                return adapted(named, await self._present.whole(request, reached))
        if named.service == "iam":
            return await self._read(request, named, reached)
        return adapted(named, await self._present.whole(with_lists(request, named), reached))

    async def _read(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        await self._limits.check(named.action, named.params)
        answer = adapted(named, await self._past.whole(request, reached))
        if named.action in SIMULATIONS and answer.status < 300:
            return await self._simulator.answer(named.action, named.params)
        return answer

    async def _sts(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        if named.action == "sts:AssumeRoleWithWebIdentity":
            grant = await self._web_identity.judge(named.params, request.source)
            return told(grant, await self._present.whole(self._signed(request), reached))
        if named.action == "sts:AssumeRole":
            await self._assume_role.check(request, named)
        answer = adapted(named, await self._present.whole(request, reached))
        if named.action == "sts:AssumeRole":
            self._sessions.keep(answer)
        return self._caller(request, answer) if named.action == "sts:GetCallerIdentity" else answer

    def _caller(self, request: Request, answer: Answer) -> Answer:
        config, key = self._config, access_key(request)
        if key not in config.secret_keys:
            return answer
        return as_user(answer, f"arn:{config.partition}:iam::{config.account}:user/{USER}", key)

    def _signed(self, request: Request) -> Request:
        # The call is unsigned, and the emulator would use us-east-1 for a call without a scope.
        kept = [(key, value) for key, value in request.headers if key != b"authorization"]
        header = (b"authorization", fake_authorization(self._config, "sts").encode())
        return replace(request, headers=[*kept, header])


def refuse(named: Named, code: str, message: str | None) -> Answer:
    """Return the error that a fault requests."""
    if message is None and code == "ConcurrentModification":
        message = CONCURRENT.get(named.action)
    return aws_error(named.service, code, message)


def told(grant: Grant, answer: Answer) -> Answer:
    """Return the emulator's answer without what it invents and with what it omits (STS API reference)."""
    role_id = f"<AssumedRoleId>{grant.role_id}:{escape(grant.session)}</AssumedRoleId>"
    body = WEB_IDENTITY.sub(b"", answer.body)
    body = re.sub(rb"<AssumedRoleId>.*?</AssumedRoleId>", lambda _: role_id.encode(), body)
    more = (
        f"<SubjectFromWebIdentityToken>{escape(grant.subject)}</SubjectFromWebIdentityToken>"
        f"<Audience>{escape(grant.audience)}</Audience><Provider>{escape(grant.provider_arn)}</Provider>"
    )
    end = b"</AssumeRoleWithWebIdentityResult>"
    return with_body(answer, body.replace(end, more.encode() + end))
