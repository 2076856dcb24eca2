"""What the collection must pass to be certified, run as Automation Hub runs it, but without containers."""
