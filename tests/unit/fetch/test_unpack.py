from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import SourceGarbled, SourceTooLarge
from academichub.fetch.limits import Limits
from academichub.fetch.unpack import CutShort, Unpacker

if TYPE_CHECKING:
    from collections.abc import Callable

LIMITS = Limits(ratio=100, ratio_floor_bytes=1000)


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def an_unpacker(coding: str, *, max_bytes: int = 1_000_000) -> Unpacker:
    return Unpacker(coding, url="https://a.example/", max_bytes=max_bytes, limits=LIMITS)


def unpacked(coding: str, *pieces: bytes) -> bytes:
    unpacker = an_unpacker(coding)
    for piece in pieces:
        unpacker.feed(piece)
    return unpacker.finish()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    " deflate ": bare_deflate,
}


@given(st.data())
def test_a_body_is_unpacked_the_same_however_it_is_cut_on_the_wire(data: st.DataObject) -> None:
    coding = data.draw(st.sampled_from(sorted(PACKERS)))
    body = data.draw(st.binary(max_size=2000))
    packed = PACKERS[coding](body)
    places = sorted(data.draw(st.lists(st.integers(0, len(packed)), max_size=8)))
    pieces = [packed[a:b] for a, b in zip([0, *places], [*places, len(packed)], strict=True)]

    assert unpacked(coding, *pieces) == body


def test_a_body_larger_than_a_piece_comes_out_whole() -> None:
    body = " ".join(map(str, range(50_000))).encode()

    assert unpacked("gzip", gzip.compress(body)) == body


def test_gzip_members_in_a_row_are_one_body() -> None:
    assert unpacked("gzip", gzip.compress(b"one "), gzip.compress(b"two")[:1], gzip.compress(b"two")[1:]) == (
        b"one two"
    )


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 100, b"\x1f", b"trailing words"])
def test_padding_after_the_end_is_not_read(padding: bytes) -> None:
    assert unpacked("gzip", gzip.compress(b"feed") + padding, b"more") == b"feed"


@pytest.mark.parametrize("coding", ["gzip", "deflate", " deflate "])
def test_a_packed_body_that_ends_early_is_not_half_a_feed(coding: str) -> None:
    packed = PACKERS[coding](bytes(range(256)) * 40)

    for kept in (1, 5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(CutShort):
            unpacked(coding, packed[:kept])


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "compress", "aes128gcm"])
def test_a_coding_that_was_not_asked_for_is_named_in_the_error(coding: str) -> None:
    with pytest.raises(SourceGarbled) as caught:
        an_unpacker(coding)

    assert caught.value.facts["reason"] == f"packed as {coding}, which was not asked for"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bytes_that_are_not_what_their_coding_says_are_garbled(coding: str) -> None:
    with pytest.raises(SourceGarbled) as caught:
        unpacked(coding, b"<rss>plain text all along</rss>")

    assert caught.value.facts["reason"] == f"broken {coding}"


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_the_cap_counts_unpacked_bytes_and_allows_the_last_one(coding: str) -> None:
    body = bytes(range(250)) * 4

    exact = an_unpacker(coding, max_bytes=1000)
    exact.feed(PACKERS[coding](body))
    over = an_unpacker(coding, max_bytes=999)

    assert exact.finish() == body
    with pytest.raises(SourceTooLarge) as caught:
        over.feed(PACKERS[coding](body))
    assert caught.value.facts["limit"] == 999


def test_a_body_that_grows_beyond_any_honest_ratio_is_dropped_below_the_cap() -> None:
    unpacker = an_unpacker("gzip")

    with pytest.raises(SourceTooLarge) as caught:
        unpacker.feed(gzip.compress(bytes(900_000)))

    assert caught.value.facts["reason"] == "it unpacks to more than 100 times its size"


def test_a_small_body_may_pack_as_well_as_it_likes() -> None:
    assert unpacked("gzip", gzip.compress(b"a" * 1000)) == b"a" * 1000


def test_a_body_in_tiny_pieces_takes_no_more_memory_than_another() -> None:
    unpacker = an_unpacker("")

    tracemalloc.start()
    try:
        for number in range(100_000):
            unpacker.feed(b"%c%c" % (number % 256, number % 7))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(unpacker.finish()) == 200_000
    assert peak_bytes < 500_000
