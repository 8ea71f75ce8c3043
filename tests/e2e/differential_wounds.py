"""What both servers must refuse, or must read alike although it looks odd."""

import re

WORDS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|[A-Za-z_:][\w:]*|[\d.]\w*|=~|!~|!=|==|>=|<=|\s+|.", re.S)
INSERTS = ("(", ")", "{", "}", "[", "]", ",", ":", "@", "offset", "by", "without", "on", "ignoring", "group_left", "group_right",
           "bool", "5m", "1", "'a'", "and", "or", "unless", "sum", "topk", "rate", "up", "start", "end", "start()", "=", "=~", "!=",
           "==", "!", "~", "+", "-", "^", "atan2", "%", "inf", "nan", "#", "\\", "$", "é", '"', "'", "`", "()", "{}", "[5m]", "[5m:]",
           "[5m:1m]", "offset 1m", "@ 5", "@ end()", "by (job)", "1..2", "0x1G", "1h30", "le=", "time()", ";", "&", "|", "\t", "\n")
KNOWN = ("sum(", "rate(up)", "up[5m", "up{job=}", "up offset", "foo bar", "1 + ", "sum by (a,b", "up[5m] + 1", "count_values(1, up)",
         "topk(up, up)", "histogram_quantile(up, up)", "abs()", "abs(up, up)", "no_such(up)", "up @ foo", "up[0s]",
         "up offset 5m offset 5m", "{}", '{job=~".*"}', '{job="a"', "up and 1", "1 == 1", "up + on(job) group_left on(x) up",
         "up or on(job) group_left up", "sum(up) by (job) without (job)", "rate(up[5m:])[1m]", "time(up)", "vector(up)", "scalar(1)",
         "-'a'", "'a' + 1", "up{a=~'('}", "1 + bool 2", "up == bool", "label_replace(up, 1, 'a', 'b', 'c')", "up{__name__='a'}", "0x",
         "1..2", "up[5m5m]", "5m5m", "up @ 1e30", "up @ NaN", "up @ 5 @ 6", "up[5m] offset 1m offset 2m", "(up)[5m]", "(up) offset 5m",
         "1[5m]", "1[5m:1m]", "'a'[5m:]", "up[5m][5m]", "up[5m:5m:5m]", "up[:5m]", "up[5m:1m", "sum(up[5m])", "rate(up[5m:1m][5m:])",
         "sum by (job (up)", "sum by job (up)", "sum(up, up)", "topk(1)", "quantile('a', up)", "count_values('a-b', up)",
         "up == on(job) group_left(job) up", "up + on() group_right(job) up", "up group_left up", "up + group_left up",
         "up + on(job) bool up", "up > bool on(job) bool up", "1 and 1", "1 unless up", "1 + on(job) 2", "up + ignoring(a) 1",
         "up offset 5m @ 5 offset 5m", "up{job='a' 'b'}", "up{job='a',,}", "up{,}", "up{'a' 'b'}", '{"up", "down"}', '{"up"="x"}',
         '{"up" , job=~"x"', "up{job='\\q'}", "'\\xff'", "'\\400'", "'\\u{1}'", "\"a\nb\"", "up # comment", "# only", "", "   ", "()",
         "sum()", "+", "--1", "-+1", "!up", "up !== 1", "up =~ 1", "1 =! 2", "up[5m] @ start", "up @ start(1)", "time(", "time)", "1 2",
         "up up", "on", "bool", "up{on='x'}", "up{bool!='x'}", "sum by (on, bool, group_left) (up)", "and", "and and and", "sum", "sum + sum",
         "offset", "offset offset 5m", "by", "rate", "inf", "Inf + nan", "start", "end[5m]", "start + end", "fill", "smoothed", "anchored")


class Wounds:
    """`make(depth)` gives a query that is sound."""

    def __init__(self, source, make):
        self.random, self.make = source, make

    def query(self):
        kind = self.random.random()
        if kind < 0.25:
            return self.random.choice(KNOWN)
        text = self.make(self.random.choice((1, 2, 2, 3)))
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            text = self.letter(text) if kind < 0.4 else self.word(text)
        return text

    def letter(self, text):
        source = self.random
        at = source.randrange(len(text) + 1)
        return text[:at] + source.choice(("", "(", ")", "}", "[", ",", '"', " ", "@", "5", "_", "-")) + text[at + source.choice((0, 1)):]

    def word(self, text):
        """A word left out, doubled, exchanged with its neighbour, replaced or put in."""
        source = self.random
        words = WORDS.findall(text) or [""]
        at = source.randrange(len(words))
        kind = source.randrange(5)
        if kind == 0:
            del words[at]
        elif kind == 1:
            words.insert(at, words[at])
        elif kind == 2 and at:
            words[at - 1], words[at] = words[at], words[at - 1]
        elif kind == 3:
            words[at] = source.choice(INSERTS)
        else:
            words.insert(at, " " + source.choice(INSERTS) + " ")
        return "".join(words)
