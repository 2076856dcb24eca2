#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ServiceAccounts of an EKS cluster have to do with IAM roles."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_serviceaccount_info
short_description: Tell which IAM roles ServiceAccounts on EKS have, and whether they work
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - With O(name), tells the whole chain of one ServiceAccount, from its annotations to its role, trust policy,
    policies and OIDC provider, with what is broken in it and what mends that.
  - Without O(name), tells of each ServiceAccount of a namespace, or of all namespaces, that has to do with
    a role.
options:
  name:
    description:
      - Name of the ServiceAccount.
    type: str
  namespace:
    description:
      - Namespace. If it is left out, the namespace of the context, else V(default).
    type: str
  all_namespaces:
    description:
      - Whether to tell of the ServiceAccounts of all namespaces.
    type: bool
    default: false
  role_name:
    description:
      - Name of the role to look at, instead of the one that the ServiceAccount names.
    type: str
  role_name_style:
    description:
      - How a role is named that neither O(role_name) nor the ServiceAccount names.
    type: str
    choices: [derived, gen3]
    default: derived
  verify:
    description:
      - Whether to prove of each ServiceAccount that AWS lets its pods assume the role - with a token of it,
        for a session that may do nothing. This changes nothing, and needs create on serviceaccounts/token.
    type: bool
    default: false
  doctor:
    description:
      - Whether to make all checks of each ServiceAccount - its provider, role and trust policy, the webhook,
        its pods and Pod Identity - and to tell what fails with the command that mends it.
      - This changes nothing. What may not be read is skipped, and the other checks go on.
    type: bool
    default: false
seealso:
  - module: iamsa.eks.iam_serviceaccount
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.k8s
  - iamsa.eks.attributes.info
"""

EXAMPLES = r"""
- name: Look at one ServiceAccount
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
  register: found

- name: Stop where its pods would not get their role
  ansible.builtin.assert:
    that: found.service_accounts[0].problems | selectattr('verdict', 'eq', 'fail') | length == 0

- name: Prove that its pods get their role
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    verify: true
  register: found
  failed_when: found.service_accounts | rejectattr('verification.verdict', 'eq', 'yes') | length > 0

- name: Find out why its pods do not get it
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    doctor: true
  register: found

- name: Show what fails, and what mends it
  ansible.builtin.debug:
    msg: "{{ found.service_accounts[0].diagnosis.checks | selectattr('verdict', 'eq', 'fail')
      | map(attribute='remedy') }}"

- name: Look at all of them
  iamsa.eks.iam_serviceaccount_info:
    all_namespaces: true
"""

RETURN = r"""
cluster:
  description: The EKS cluster, with its name, arn, region and issuer.
  returned: where something was found, and always without O(name)
  type: dict
service_accounts:
  description: Empty where there is nothing.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Its name., type: str, returned: always}
    namespace: {description: Its namespace., type: str, returned: always}
    state:
      description:
        - How it stands. With V(podIdentity) its pods get the role of a Pod Identity association, not C(role).
          With V(invalidArn) its annotation is not the ARN of a role, and with V(podsRefused) the API server
          refuses its pods because of its token-expiration.
      type: str
      returned: without O(name)
      sample: ok
    problems:
      description:
        - What is broken, each with the C(link) of the chain, the C(check) that found it, its C(verdict),
          V(fail) or V(warn), C(what), and C(remedy), a command that mends it or empty.
      type: list
      elements: dict
      returned: with O(name)
    audience: {description: The audience of its pods' tokens., type: str, returned: always}
    pod_identity_associations:
      description:
        - Its Pod Identity association, with its C(id), C(role_arn), C(target_role_arn) and C(owner_arn); null
          where associations could not be read, and as its roles without O(name).
      type: list
      elements: dict
      returned: always
    service_account:
      description: Its annotations that have to do with the role.
      type: dict
      returned: always
    role: {description: The role or null., type: dict, returned: always}
    policies: {description: The policies of the role or null., type: dict, returned: always}
    verification:
      description:
        - What came of the proof, or, without O(name), null where the ServiceAccount names no role.
        - Its C(verdict) is V(yes), V(no) or V(unknown); a no has a C(reason), with AWS's C(code), and what
          could not be found out an C(error). Where a Pod Identity association gives pods their role, no token
          is tried - it is a no if the annotation names another role, else unknown.
      type: dict
      returned: with O(verify)
    diagnosis:
      description:
        - Whether it is C(well), how many C(checks) came to which verdict (C(summary)), and each of them, with
          its C(verdict) - V(ok), V(warn), V(fail) or V(skipped) - C(what) was found and its C(remedy).
      type: dict
      returned: with O(doctor)
    oidc_provider: {description: The OIDC provider or null., type: dict, returned: with O(name)}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, K8S_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Imported only once Python and the libraries are known to do."""
    from ..module_utils.task.info import info_job  # noqa: PLC0415

    return info_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str"},
            "namespace": {"type": "str"},
            "all_namespaces": {"type": "bool", "default": False},
            "role_name": {"type": "str"},
            "role_name_style": {"type": "str", "choices": ["derived", "gen3"], "default": "derived"},
            "verify": {"type": "bool", "default": False},
            "doctor": {"type": "bool", "default": False},
            **AWS_ARGUMENTS,
            **K8S_ARGUMENTS,
        },
        supports_check_mode=True,
        mutually_exclusive=[("name", "all_namespaces")],
        required_by={"role_name": "name"},
    )
    run_module(module, job, kubernetes=True)


if __name__ == "__main__":
    main()
