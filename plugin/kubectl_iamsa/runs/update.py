"""`kubectl iamsa update`: change only the given parts of an existing role."""

from __future__ import annotations

from functools import partial

from ..requests.service_account import update_request
from .reconcile import reconcile

run = partial(reconcile, update_request)
