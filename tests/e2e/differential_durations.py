"""Random durations as the language writes them: plain ones, and calculations."""

PLAIN = ("5s", "7s", "30s", "1m", "90s", "2m", "5m", "10m", "1h", "1m30s", "500ms", "23", "0x2A", "1_0", "1.5e1")
ODD = ("0s", "0", "-5m", "1e300", "300y", "1ms", "0.0004", "1d", "5m5m", "1s1m", "1.5h", "Inf", "NaN", "0x", "1y2w3d4h5m6s7ms")
OPERANDS = ("5s", "30s", "1m", "2", "60", "0.5", "-7s", "90s", "1", "3")
OPERATORS = ("+", "-", "*", "/", "%", "+", "-", "*")


class Durations:
    def __init__(self, source):
        self.random = source

    def range(self):
        """What stands in brackets; seldom something that must be refused."""
        kind = self.random.random()
        if kind < 0.86:
            return self.random.choice(PLAIN)
        if kind < 0.985:
            return self.calculation(self.random.choice((1, 1, 2, 3)))
        return self.random.choice(ODD)

    def offset(self):
        sign = self.random.choice(("", "", "-", "+"))
        kind = self.random.random()
        if kind < 0.8:
            return sign + self.random.choice(PLAIN)
        if kind < 0.98:
            return f"{sign}({self.calculation(self.random.choice((0, 1, 2)))})"
        return sign + self.random.choice(ODD)

    def calculation(self, depth):
        source = self.random
        if depth <= 0:
            return source.choice(OPERANDS)
        kind = source.random()
        if kind < 0.15:
            return f"({self.calculation(depth - 1)})"
        if kind < 0.25:
            return f"{source.choice('-+')}{self.calculation(depth - 1)}"
        if kind < 0.3:
            # A tower of large numbers would be a range of years, and subqueries over it take minutes.
            return f"{self.calculation(depth - 1)}^{source.choice(('2', '0', '-1', '0.5', '(1)'))}"
        blank = source.choice(("", " "))
        return f"{self.calculation(depth - 1)}{blank}{source.choice(OPERATORS)}{blank}{self.calculation(depth - 1)}"
