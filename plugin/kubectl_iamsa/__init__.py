"""The kubectl plugin: argv in, text out. What it does is in the collection's module_utils."""
