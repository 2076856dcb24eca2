"""The AWS side: EKS is answered here, the rest is judged here and answered by the emulator."""

from __future__ import annotations

from collections.abc import Callable

from testbed.gate.aws_errors import AwsError, aws_error
from testbed.gate.eks import Eks
from testbed.gate.message import Answer, Named, Request
from testbed.gate.proxy import Proxy


class Aws:
    """The emulator behind the gate."""

    def __init__(self, proxy: Proxy, eks: Eks) -> None:
        self._proxy = proxy
        self._eks = eks

    async def answer(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        """AWS's answer, or its refusal."""
        try:
            return await self._judged(request, named, reached)
        except AwsError as error:
            return aws_error(named.service, error.code, error.message)

    async def _judged(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        # Judging a call by a policy, and answering a read as of some seconds ago, belong here: before
        # anything else about the call is looked at.
        if named.service == "eks":
            return self._eks.answer(request, named)
        return await self._proxy.whole(request, reached)


def refuse(named: Named, code: str, message: str | None) -> Answer:
    """An error that a fault asks for."""
    return aws_error(named.service, code, message)
