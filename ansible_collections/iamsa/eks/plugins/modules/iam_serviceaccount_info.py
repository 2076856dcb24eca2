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
    that: found.service_account_roles[0].status.problems | selectattr('verdict', 'eq', 'fail') | length == 0

- name: Prove that its pods get their role
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    verify: true
  register: found
  failed_when: found.service_account_roles[0].status.verification.verdict != 'yes'

- name: Find out why its pods do not get it
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    doctor: true
  register: found

- name: Show what fails, and what mends it
  ansible.builtin.debug:
    msg: "{{ found.service_account_roles[0].status.diagnosis.checks | selectattr('verdict', 'eq', 'fail')
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
service_account_roles:
  description:
    - The ServiceAccounts and their roles, each as the document that C(kubectl iamsa -o json) prints, spelled
      as there. Its JSON Schema is in C(docs/reference/service-account-role.schema.json).
    - A part that was not read is absent. Null and empty mean that there is none.
    - Empty where there is nothing.
  returned: success
  type: list
  elements: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(ServiceAccountRole)., type: str, returned: always}
    metadata:
      description: The C(name) and C(namespace) of the ServiceAccount, and its C(cluster).
      type: dict
      returned: always
    spec:
      description:
        - The settings of the role. Of a role that iamsa does not manage, C(spec.role.arn) alone.
      type: dict
      returned: if the ServiceAccount names a role, or O(name) has one
    status:
      description: What was found.
      type: dict
      returned: always
      contains:
        state:
          description:
            - How it stands. With V(podIdentity) its pods get the role of a Pod Identity association, not
              C(role). With V(invalidArn) its annotation is not the ARN of a role, and with V(podsRefused) the
              API server refuses its pods because of its token-expiration.
          type: str
          returned: unless O(role_name) is another role than the one that the ServiceAccount names
          sample: ok
        owner:
          description: Who manages the role, by C(name), C(verdict) and in C(words).
          type: dict
          returned: if the role was read
        cluster: {description: The cluster., type: dict, returned: always}
        role:
          description: The role, or null if there is none.
          type: dict
          returned: unless it is a role of another account
        trust:
          description: Whether the role's trust policy allows the ServiceAccount to assume it.
          type: dict
          returned: with O(name), if there is a role
        policies: {description: The policies of the role., type: dict, returned: if there is a role}
        serviceAccount:
          description: Its C(annotations) that have to do with the role, and whether it was C(madeByIamsa).
          type: dict
          returned: always
        audience: {description: The audience of its pods' tokens., type: str, returned: always}
        oidcProvider: {description: The OIDC provider or null., type: dict, returned: with O(name)}
        podIdentityAssociations:
          description:
            - Its Pod Identity association, with its C(id), C(roleArn), C(targetRoleArn) and C(ownerArn).
              C(roleArn) is null without O(name).
          type: list
          elements: dict
          returned: if associations could be read
        problems:
          description:
            - What is broken, each with the C(link) of the chain, the C(check) that found it, its C(verdict),
              V(fail) or V(warn), C(what), and C(remedy), the options of M(iamsa.eks.iam_serviceaccount) or
              the command that fix it, or empty.
          type: list
          elements: dict
          returned: with O(name)
        verification:
          description:
            - What came of the proof.
            - Its C(verdict) is V(yes), V(no) or V(unknown). A no has a C(reason), with AWS's C(code), and
              what could not be determined an C(error). Where a Pod Identity association gives pods their
              role, no token is tried - it is a no if the annotation names another role, else unknown.
          type: dict
          returned: with O(verify), if the ServiceAccount names a role
        diagnosis:
          description:
            - Whether it is C(well), how many C(checks) came to which verdict (C(summary)), and each of them,
              with its C(verdict) - V(ok), V(warn), V(fail) or V(skipped) -, C(what) was found, C(remedy).
          type: dict
          returned: with O(doctor)
error:
  description: What went wrong, in parts.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_value), V(unlocated), V(not_found), V(refused), V(denied),
          V(remote_error), V(timed_out), V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: What is wrong., type: str, returned: always}
    remedy: {description: What mends it., type: str, returned: always}
    resource: {description: The option or the resource that it is about., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, INFO_ARGUMENTS, K8S_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Imported only once Python and the libraries are known to do."""
    from ..module_utils.task.info import info_job  # noqa: PLC0415

    return info_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**INFO_ARGUMENTS, **AWS_ARGUMENTS, **K8S_ARGUMENTS},
        supports_check_mode=True,
        mutually_exclusive=[("name", "all_namespaces")],
        required_by={"role_name": "name"},
    )
    run_module(module, job, kubernetes=True)


if __name__ == "__main__":
    main()
