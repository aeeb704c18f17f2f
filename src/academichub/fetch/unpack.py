"""Collect a body as it arrives, unpacking it piece by piece and never past its cap."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from academichub.errors import SourceGarbled, SourceTooLarge

if TYPE_CHECKING:
    from academichub.fetch.limits import Limits

ACCEPT_ENCODING = "gzip, deflate"  # a few hundred bytes of brotli can unpack to a gigabyte

_PIECE_BYTES = 64 * 1024  # unpacked at a time
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 16 + zlib.MAX_WBITS
_ZLIB_METHOD = 8  # low four bits of the first byte (RFC 1950)
_ZLIB_CHECK = 31  # divides the first two bytes taken as one number


class CutShort(Exception):
    """The packed body ends before its end mark."""


class Unpacker:
    """Takes the bytes of one body in order and gives the document.

    Args:
        coding: The answer's Content-Encoding, "" where it has none.
        url: For errors, without secrets.
        max_bytes: The cap, counted on unpacked bytes.
        limits: For the guard against bodies that unpack beyond any honest ratio.

    Raises:
        SourceGarbled: The coding is none of those we ask for.
    """

    def __init__(self, coding: str, *, url: str, max_bytes: int, limits: Limits) -> None:
        names = [name.strip().lower() for name in coding.split(",")]
        real = [name.removeprefix("x-") for name in names if name not in {"", "identity"}]
        if len(real) > 1 or not set(real) <= {"gzip", "deflate"}:
            reason = f"packed as {', '.join(real)[:60]}, which was not asked for"
            raise SourceGarbled(url=url, reason=reason)
        self._coding = real[0] if real else ""
        self._url = url
        self._max_bytes = max_bytes
        self._limits = limits
        self._body = bytearray()  # not a list: a server that sends single bytes would fill memory
        self._packed_bytes = 0
        self._stream: zlib._Decompress | None = None  # of the gzip member or zlib stream being read
        self._waiting = b""  # bytes that are too few to tell what follows
        self._is_complete = False  # a whole stream was read; what follows it may be padding

    def feed(self, piece: bytes) -> None:
        """Take the next bytes off the wire.

        Raises:
            SourceTooLarge: The document is over its cap, or grows beyond any honest ratio.
            SourceGarbled: The bytes are not what their coding says.
        """
        self._packed_bytes += len(piece)
        if not self._coding:
            self._keep(piece)
            return
        try:
            self._inflate(self._waiting + piece)
        except zlib.error as error:
            raise SourceGarbled(url=self._url, reason=f"broken {self._coding}") from error

    def finish(self) -> bytes:
        """Give the whole document.

        Raises:
            CutShort: The packed stream is not at its end.
        """
        if self._stream is not None or (self._waiting and not self._is_complete):
            raise CutShort
        return bytes(self._body)

    def _inflate(self, packed: bytes) -> None:
        self._waiting = b""
        while True:
            if self._stream is None:
                if len(packed) < len(_GZIP_MAGIC):
                    self._waiting = packed
                    return
                if self._is_complete and not (self._coding == "gzip" and packed.startswith(_GZIP_MAGIC)):
                    return  # padding after the end: some servers send it, nobody reads it
                self._stream = zlib.decompressobj(self._wbits(packed))
                self._is_complete = False
            unpacked = self._stream.decompress(packed, _PIECE_BYTES)
            self._keep(unpacked)
            if self._stream.eof:
                packed = self._stream.unused_data
                self._stream = None
                self._is_complete = True
                continue
            packed = self._stream.unconsumed_tail
            if not packed and len(unpacked) < _PIECE_BYTES:
                return

    def _wbits(self, packed: bytes) -> int:
        if self._coding == "gzip":
            return _GZIP_WBITS
        # "deflate" means zlib (RFC 9110, 8.4.1.2), but some servers send it bare.
        is_zlib = packed[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(packed[:2]) % _ZLIB_CHECK == 0
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS

    def _keep(self, unpacked: bytes) -> None:
        size_bytes = len(self._body) + len(unpacked)
        if size_bytes > self._max_bytes:
            raise SourceTooLarge(url=self._url, limit=self._max_bytes, reason="the body is over the cap")
        honest = max(self._limits.ratio_floor_bytes, self._packed_bytes * self._limits.ratio)
        if self._coding and size_bytes > honest:
            reason = f"it unpacks to more than {self._limits.ratio} times its size"
            raise SourceTooLarge(url=self._url, limit=honest, reason=reason)
        self._body += unpacked
