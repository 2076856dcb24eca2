#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM OIDC providers there are."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_oidc_provider_info
short_description: Read IAM OIDC providers
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Reads the IAM OIDC provider of an EKS cluster or of an issuer, or all of the account.
options:
  cluster_name:
    description:
      - Name of the EKS cluster whose provider is read.
      - Without this and without O(issuer_url), all providers of the account are read.
    type: str
  region:
    description:
      - AWS region of the cluster.
      - If it is left out, E(AWS_REGION), E(AWS_DEFAULT_REGION) and the AWS profile tell it.
    type: str
  profile:
    description:
      - AWS profile to take the credentials from. If it is left out, E(AWS_PROFILE) counts.
    type: str
  issuer_url:
    description:
      - URL of the issuer whose provider is read; O(cluster_name) then does not count.
    type: str
seealso:
  - module: iamsa.eks.iam_oidc_provider
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.attributes.info
"""

EXAMPLES = r"""
- name: The provider of a cluster
  iamsa.eks.iam_oidc_provider_info:
    cluster_name: demo
    region: us-east-1
  register: found

- name: Stop where there is none
  ansible.builtin.assert:
    that: found.oidc_providers | length == 1

- name: All providers of the account
  iamsa.eks.iam_oidc_provider_info:
    region: us-east-1
"""

RETURN = r"""
oidc_providers:
  description:
    - The providers that were found, by ARN; none where the one asked for does not exist.
    - Each is a document of the kind C(OIDCProvider), whose JSON Schema is part of
      C(docs/reference/service-account-role.schema.json) of iamsa.
  returned: on success
  type: list
  elements: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(OIDCProvider)., type: str, returned: always}
    metadata: {description: The C(name)., type: dict, returned: always}
    spec:
      description: Its settings.
      type: dict
      returned: always
      contains:
        url: {description: The URL of its issuer., type: str, returned: always}
        audiences: {description: The audiences that it lists., type: list, elements: str, returned: always}
        tags: {description: Its tags., type: dict, returned: always}
    status:
      description: What was found.
      type: dict
      returned: always
      contains:
        arn: {description: Its ARN., type: str, returned: always}
error:
  description: What went wrong, in parts.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_value), V(unlocated), V(not_found), V(denied), V(remote_error), V(timed_out),
          V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: What is wrong., type: str, returned: always}
    remedy: {description: What mends it., type: str, returned: always}
    resource: {description: The option or the resource that it is about., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, PROVIDER_INFO_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Imported only once Python and the libraries are known to do."""
    from ..module_utils.task.oidc_provider import provider_info_job  # noqa: PLC0415

    return provider_info_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**PROVIDER_INFO_ARGUMENTS, **AWS_ARGUMENTS}, supports_check_mode=True
    )
    run_module(module, job)


if __name__ == "__main__":
    main()
