"""MIME types of what a notebook emits: nbval compares them, so a changed number is a red test."""

FIGURE = "application/vnd.amazon-labor.figure+json"
CLAIM = "application/vnd.amazon-labor.claim+json"
NUMBER = "application/vnd.amazon-labor.number+json"
TABLES = "application/vnd.amazon-labor.tables+json"
