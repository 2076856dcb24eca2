"""`kubectl iamsa create`: give a ServiceAccount an IAM role."""

from __future__ import annotations

from functools import partial

from ..requests.service_account import create_request
from .reconcile import reconcile

run = partial(reconcile, create_request)
