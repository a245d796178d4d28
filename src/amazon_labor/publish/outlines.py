"""Outlines of marks in few bytes: tenths of a unit, relative steps, no space that is not needed."""

import re

POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0, "z": 0}
BEGINNING = re.compile(r"M(-?(?:\d+\.?\d*|\.\d+)) ?(-?(?:\d+\.?\d*|\.\d+))")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
FOREIGN = re.compile(r"[^Mlhvqcz\d.\s-]")
ROUND = 0.25  # units by which the four sides of a disc may differ
TOKEN = re.compile(r"[A-Za-z]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def compact(outline: str) -> str:
    """Return the path data to a tenth of a unit (a seventh of a pixel), or as it is if it has other commands.

    Steps are taken between the rounded points, so that rounding does not add up along a line.
    """
    tokens = TOKEN.findall(outline)
    if any(t[0].isalpha() and t not in POINTS for t in tokens):
        return " ".join(outline.split())
    out = _Writer()
    k = 0
    while k < len(tokens):
        command = tokens[k]
        count = 2 * POINTS.get(command, 0)
        numbers = tokens[k + 1 : k + 1 + count]
        if command not in POINTS or len(numbers) < count or any(n[0].isalpha() for n in numbers):
            return " ".join(outline.split())
        tenths = [round(float(n) * 10) for n in numbers]
        out.step(command, list(zip(tenths[::2], tenths[1::2], strict=True)))
        k += 1 + count
    return out.text


def moved(outline: str, x: float, y: float) -> str | None:
    """Return a compact outline with every beginning moved; None if it is not one of `compact`."""
    if not outline.startswith("M") or FOREIGN.search(outline):
        return None
    dx, dy = round(x * 10), round(y * 10)

    def at(match: re.Match[str]) -> str:
        left, top = round(float(match[1]) * 10) + dx, round(float(match[2]) * 10) + dy
        return f"M{_tenths(left)}{'' if top < 0 else ' '}{_tenths(top)}"

    return BEGINNING.sub(at, outline)


def bounds(outline: str) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of a compact outline, its control points among them; None if it is no such outline."""
    if not outline.startswith("M") or FOREIGN.search(outline):
        return None
    x = y = 0.0
    begin = (0.0, 0.0)
    xs: list[float] = []
    ys: list[float] = []
    for command, words in re.findall(r"([Mlhvqcz])([^Mlhvqcz]*)", outline):
        numbers = [float(n) for n in NUMBER.findall(words)]
        if command == "z":
            x, y = begin
        elif command in "hv":
            x, y = (x + sum(numbers), y) if command == "h" else (x, y + sum(numbers))
        else:
            x, y = _follow(command, (x, y), numbers, xs, ys)
            begin = (x, y) if command == "M" else begin
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _follow(
    command: str, at: tuple[float, float], numbers: list[float], xs: list[float], ys: list[float]
) -> tuple[float, float]:
    """Note the points of lines and curves, and return where the pen is."""
    x, y = (0.0, 0.0) if command == "M" else at
    count = {"M": 1, "l": 1, "q": 2, "c": 3}[command]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    for k in range(0, len(pairs), count):
        step = pairs[k : k + count]
        xs += [x + dx for dx, _ in step]
        ys += [y + dy for _, dy in step]
        x, y = x + step[-1][0], y + step[-1][1]
    return x, y


def radius(outline: str) -> float:
    """Radius of a disc around the origin as matplotlib draws it, of eight curves; 0 for any other outline."""
    if not re.fullmatch(r"M0 [\d.]+c[^a-zA-Z]*z", outline):
        return 0.0
    box = bounds(outline)
    numbers = [float(n) for n in NUMBER.findall(outline)][2:]
    round_ = box is not None and len(numbers) == 8 * 6 and max(map(abs, box)) - min(map(abs, box)) < ROUND
    return max(box) if round_ and box else 0.0


def number(value: float) -> str:
    """A number to a tenth, as short as it can be written."""
    return _tenths(round(value * 10))


def _tenths(value: int) -> str:
    word = f"{value / 10:g}"
    return word.replace("0.", ".", 1) if abs(value) < 10 else word


class _Writer:
    """Writes commands one after the other and remembers where the pen is."""

    def __init__(self) -> None:
        self.text = ""
        self.at = self.begin = (0, 0)
        self.last = ""

    def step(self, command: str, points: list[tuple[int, int]]) -> None:
        if command in "Zz":
            self._put("z", [])
            self.at = self.begin
        elif command == "M":
            self._put("M", [*points[0]])  # absolute, so that outlines can be joined
            self.at = self.begin = points[0]
        else:
            self._to(command.lower(), points)

    def _to(self, command: str, points: list[tuple[int, int]]) -> None:
        moves = [(x - self.at[0], y - self.at[1]) for x, y in points]
        dx, dy = moves[-1]
        if command == "l" and (dx, dy) == (0, 0) and self.last not in "Mz":
            return  # the same tenth again
        if command == "l" and dy == 0:
            self._put("h", [dx])
        elif command == "l" and dx == 0:
            self._put("v", [dy])
        else:
            self._put(command, [v for move in moves for v in move])
        self.at = points[-1]

    def _put(self, command: str, numbers: list[int]) -> None:
        first = command != self.last or command in "Mz"
        self.text += command if first else ""
        for k, number in enumerate(numbers):
            word = _tenths(number)
            self.text += word if (first and k == 0) or word[0] == "-" else f" {word}"
        self.last = command
