"""Shared code of the collection: data catalogue, claims, methods, house style, runner and pages."""

__version__ = "0.1.0"
