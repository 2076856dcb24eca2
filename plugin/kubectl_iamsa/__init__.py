"""The kubectl plugin: reads argv and prints text. The core is in the collection's module_utils."""
