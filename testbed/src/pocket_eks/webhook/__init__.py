"""A pod identity webhook, in place of EKS's own, which cannot be had as a program."""
