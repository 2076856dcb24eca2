"""Installs and runs ministack, the other AWS emulator."""
