# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS's partitions and regions: how the addresses of services end, and what a region's name looks like.

Source: partitions.json of botocore, against which a test holds it.
"""

from __future__ import annotations

import re

# By partition: its suffix, and that of addresses which have IPv6 too.
DNS_SUFFIXES = {
    "aws": ("amazonaws.com", "api.aws"),
    "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
    "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
    "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    "aws-us-gov": ("amazonaws.com", "api.aws"),
}

REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]{2,20}){1,3}-[0-9]{1,2}")
