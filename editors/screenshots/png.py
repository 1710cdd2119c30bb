"""png.py SCREEN.xwd OUT.png: the frame buffer of Xvfb as a PNG."""

import struct
import sys
import zlib

HEADER = struct.Struct(">25I")  # XWDFile.h: header_size first, then the fields named below
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main(source, target):
    data = open(source, "rb").read()
    fields = HEADER.unpack_from(data)
    header, width, height = fields[0], fields[4], fields[5]
    bits, line, colours = fields[11], fields[12], fields[19]
    assert bits == 32, f"{bits} bits a pixel"
    at = header + 12 * colours  # an XWDColor has twelve bytes
    rows = bytearray()
    before = bytes(3 * width)
    for row in range(height):
        pixels = data[at + row * line : at + row * line + 4 * width]
        now = bytearray(3 * width)
        now[0::3], now[1::3], now[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]  # blue comes first
        rows.append(2)  # the filter "up"
        rows += bytes((a - b) & 255 for a, b in zip(now, before))
        before = now
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(target, "wb") as out:
        out.write(SIGNATURE + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


main(*sys.argv[1:])
