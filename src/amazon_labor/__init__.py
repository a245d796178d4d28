"""Shared code of the collection: data catalogue, claims, methods, house style, runner and pages."""

__version__ = "0.1.0"

import logging

# on a slow machine with no cache of fonts yet, matplotlib says so on stderr, and the output of that one run would differ
logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font cache" not in record.getMessage())
