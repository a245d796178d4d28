"""Shared code of the collection: data catalogue, claims, methods, house style, runner and pages."""

import logging

__version__ = "0.1.0"

# What matplotlib says about the machine (no cache of fonts yet; no folder for a cache, so one of a random name) goes to
# stderr, and there into the outputs of that one run: the same code would not give the same bytes.
_OF_THE_MACHINE = ("font cache", "mkdir -p failed", "is not a writable directory", "temporary cache directory")
for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(
        lambda record: not any(words in record.getMessage() for words in _OF_THE_MACHINE)
    )
