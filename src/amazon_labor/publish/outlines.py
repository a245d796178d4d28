"""Outlines of marks in few bytes: tenths of a unit, relative steps, no space that is not needed."""

import re

POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0, "z": 0}
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
            word = f"{number / 10:g}".replace("0.", ".", 1) if abs(number) < 10 else f"{number / 10:g}"
            self.text += word if (first and k == 0) or word[0] == "-" else f" {word}"
        self.last = command
