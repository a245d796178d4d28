"""`docs/architecture.svg`: the way of a number through the rooms of the code, drawn from a list of boxes."""

from html import escape

WIDTH, HEIGHT = 624, 544
INK, MUTED, PAPER, FILL, ACCENT = "#1d2430", "#565f6d", "#ffffff", "#eef2fb", "#2a5bc4"
BOX_WIDTH, BOX_HEIGHT = 168, 62
# name: column, row, first line, second line
BOXES: dict[str, tuple[int, int, str, str]] = {
    "statement": (0, 0, "Statement", "data/claims.csv"),
    "table": (1, 0, "Table", "data/<topic>/<table>.csv"),
    "catalog": (1, 1, "Reader", "catalog.py"),
    "notebook": (1, 2, "Notebook", "notebooks/NN_name.ipynb"),
    "method": (2, 2, "Method", "methods/"),
    "verdict": (0, 3, "Verdict", "claims.py, claim_rule.py"),
    "number": (1, 3, "Number", "results.py"),
    "runner": (2, 3, "Runner", "runner/"),
    "ledger": (0, 4, "Ledger", "claim_ledger.py"),
    "page": (1, 4, "Page", "publish/"),
    "executed": (2, 4, "Executed notebook", "reports/executed/"),
}
ARROWS = (
    ("statement", "verdict"), ("table", "catalog"), ("catalog", "notebook"), ("method", "notebook"), ("notebook", "number"),
    ("notebook", "runner"), ("number", "verdict"), ("verdict", "ledger"), ("number", "page"), ("runner", "executed"),
    ("executed", "page"), ("page", "ledger"),
)  # fmt: skip
COLUMN, ROW, LEFT, TOP = 212, 102, 16, 60


def svg() -> str:
    """Return the drawing: fixed size, own background, words as text."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans, Arial, sans-serif" font-size="12.5">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{PAPER}"/>',
        f'<text x="{LEFT}" y="32" font-size="15" font-weight="700" fill="{INK}">A number travels one way, and leaves a trail</text>',
        *(_arrow(*pair) for pair in ARROWS),
        *(_box(*box) for box in BOXES.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _place(column: int, row: int) -> tuple[int, int]:
    return LEFT + column * COLUMN, TOP + row * ROW


def _box(column: int, row: int, name: str, file: str) -> str:
    x, y = _place(column, row)
    return (
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="5" fill="{FILL}" stroke="{ACCENT}" stroke-width="1.2"/>'
        f'<text x="{x + 12}" y="{y + 26}" font-weight="700" fill="{INK}">{escape(name)}</text>'
        f'<text x="{x + 12}" y="{y + 46}" font-size="11" fill="{MUTED}">{escape(file)}</text>'
    )


def _arrow(start: str, end: str) -> str:
    """A line between the nearer edges of two boxes, with a head drawn as a triangle."""
    (c, r, *_), (d, s, *_) = BOXES[start], BOXES[end]
    (x, y), (u, v) = _place(c, r), _place(d, s)
    if c == d:
        down = s > r
        p = (x + BOX_WIDTH // 2, y + (BOX_HEIGHT if down else 0))
        q = (u + BOX_WIDTH // 2, v + (-1 if down else BOX_HEIGHT + 1))
    else:
        right = d > c
        p = (x + (BOX_WIDTH if right else 0), y + BOX_HEIGHT // 2)
        q = (u + (-1 if right else BOX_WIDTH + 1), v + BOX_HEIGHT // 2)
    return _line(p, q)


def _line(p: tuple[float, float], q: tuple[float, float]) -> str:
    dx, dy = q[0] - p[0], q[1] - p[1]
    long = (dx * dx + dy * dy) ** 0.5
    ex, ey = dx / long, dy / long
    base = (q[0] - 9 * ex, q[1] - 9 * ey)
    head = f"{q[0]:.1f},{q[1]:.1f} {base[0] - 4 * ey:.1f},{base[1] + 4 * ex:.1f} {base[0] + 4 * ey:.1f},{base[1] - 4 * ex:.1f}"
    return (
        f'<path d="M{p[0]} {p[1]}L{base[0]:.1f} {base[1]:.1f}" stroke="{MUTED}" stroke-width="1.4" fill="none"/>'
        f'<polygon points="{head}" fill="{MUTED}"/>'
    )
