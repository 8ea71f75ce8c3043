"""Bodies of remote write requests, without a protobuf or snappy library."""

import struct

# What a target that is gone leaves behind; as bytes, for Python may make another NaN of the double.
STALE = struct.pack("<Q", 0x7FF0000000000002)

V1 = "application/x-protobuf"
V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request"


def varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def field(number, content):
    """A length-delimited field, a double or a varint, by the type of `content`."""
    if isinstance(content, str):
        content = content.encode()
    if isinstance(content, bytes):
        return varint(number << 3 | 2) + varint(len(content)) + content
    if isinstance(content, float):
        return varint(number << 3 | 1) + struct.pack("<d", content)
    return varint(number << 3) + varint(content)


def snappy(content):
    """Snappy's block format, as literals."""
    out = varint(len(content))
    for begin in range(0, len(content), 1 << 16):
        part = content[begin:begin + (1 << 16)]
        size = len(part) - 1
        out += (bytes([size << 2]) if size < 60 else bytes([61 << 2]) + struct.pack("<H", size)) + part
    return out


def sample(timestamp, value):
    """`value` is a number, or the eight bytes of one."""
    if isinstance(value, bytes):
        return varint(1 << 3 | 1) + value + field(2, timestamp)
    return field(1, float(value)) + field(2, timestamp)


def series_v1(labels, samples=(), histograms=()):
    """`histograms` are encoded messages, see histogram_v1."""
    return field(1, b"".join(field(1, field(1, name) + field(2, value)) for name, value in sorted(labels.items()))
                 + b"".join(field(2, sample(*one)) for one in samples)
                 + b"".join(field(4, one) for one in histograms))


def native_histogram(timestamp, total, deltas):
    """A native histogram of schema 0 with buckets (1,2], (2,4] ...; `deltas` as the protocol has them."""
    span = varint(1 << 3) + zigzag(1) + field(2, len(deltas))
    count = sum(sum(deltas[:i + 1]) for i in range(len(deltas)))
    return (field(1, count) + field(3, float(total)) + varint(4 << 3) + zigzag(0) + field(5, 0.001)
            + field(11, span) + field(12, b"".join(zigzag(delta) for delta in deltas)) + field(15, timestamp))


def request_v2(all_series):
    symbols, messages = [""], b""
    for labels, samples in all_series:
        refs = b""
        for text in [text for label in labels.items() for text in label]:
            if text not in symbols:
                symbols.append(text)
            refs += varint(symbols.index(text))
        messages += field(5, field(1, refs) + b"".join(field(2, sample(*one)) for one in samples))
    return b"".join(field(4, symbol) for symbol in symbols) + messages
