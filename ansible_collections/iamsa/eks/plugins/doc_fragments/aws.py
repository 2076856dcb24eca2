# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the AWS side: which cluster, which credentials, how long."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  cluster_name:
    description:
      - Name of the EKS cluster.
      - If it is left out, the context of the kubeconfig tells it. With O(cluster_name) and O(region) alone no
        kubeconfig is needed.
    type: str
  region:
    description:
      - AWS region of the cluster.
      - If it is left out, the context of the kubeconfig tells it, then E(AWS_REGION), E(AWS_DEFAULT_REGION)
        and the AWS profile.
    type: str
  profile:
    description:
      - AWS profile to take the credentials from.
      - If it is left out, the one that the context of the kubeconfig names, then E(AWS_PROFILE).
      - A profile that requires an MFA code is used if C(aws sts get-caller-identity --profile NAME) has been
        run before, which asks for the code and keeps the session in C(~/.aws/cli/cache).
    type: str
  access_key:
    description:
      - AWS access key ID, together with O(secret_key).
      - If it is left out, credentials are found by the usual rules of AWS's SDKs.
    type: str
  secret_key:
    description:
      - AWS secret access key.
    type: str
  session_token:
    description:
      - AWS session token, for temporary keys.
    type: str
  endpoint_url:
    description:
      - Address of a server to use instead of AWS's own, for all services.
      - If it is left out, E(AWS_ENDPOINT_URL) counts.
    type: str
  aws_ca_bundle:
    description:
      - File with the certificate authorities to check AWS's certificates with.
      - If it is left out, E(AWS_CA_BUNDLE) counts.
    type: path
  validate_certs:
    description:
      - Whether to check the certificates of AWS's servers.
    type: bool
    default: true
  request_timeout:
    description:
      - Limit for a single request, such as V(10s). By default 20 to 30 seconds.
    type: str
  timeout:
    description:
      - Limit for the whole task, such as V(2m) or V(300).
    type: str
    default: 2m
notes:
  - Credentials and kubeconfigs are read on the host that the module runs on, which is usually V(localhost).
requirements:
  - python >= 3.10
  - boto3 >= 1.40
"""
