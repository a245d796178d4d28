"""What can go wrong while a vintage is made; the vintage in use stays as it is in every case."""


class RefreshError(Exception):
    """A table that could not be refreshed; the message says what was found, what was expected and what to do."""


class SourceError(RefreshError):
    """The source did not answer, refused, or answered with something other than data."""


class ShapeError(RefreshError):
    """The answer is not shaped as the interface's documentation says: a column, a field or a unit changed."""


class ContentError(RefreshError):
    """The data are well formed and cannot be right: periods or values are gone, a sum does not add, a unit changed."""
