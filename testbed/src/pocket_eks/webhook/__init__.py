"""A pod identity webhook. EKS's own is not available as a program."""
