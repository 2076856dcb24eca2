"""`kubectl iamsa update`: change just what is named of a role that is there."""

from __future__ import annotations

from functools import partial

from ..requests.service_account import update_request
from .reconcile import reconcile

run = partial(reconcile, update_request)
