"""Imports without the part of them that costs a second and is not used.

jsonschema, which nbformat and papermill import, loads `rfc3987_syntax` where it is installed, and that builds a grammar
for international addresses (1.2 s). The notebook schema has no such format, and jsonschema does without.
"""

import sys


def without_grammars() -> None:
    """Make `import rfc3987_syntax` fail from now on, unless it is loaded already. Call before importing nbformat."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
