//! Other legal frames, damaged frames, and the cap.

use proptest::prelude::*;

use super::*;

const CAP: usize = 1 << 20;
const PACKED: [Codec; 4] = [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

fn plain(len: usize) -> Vec<u8> {
    (0..len).map(|i| ((i / 7) * 31 % 251) as u8).collect()
}

/// Words in no order: what a search finds more in the longer it looks.
fn words(count: u32) -> Vec<u8> {
    let mut state = 7u32;
    let word = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (a, b) = (state >> 22, state >> 27);
        format!("{a:x}-{b} ").into_bytes()
    };
    (0..count).flat_map(word).collect()
}

#[test]
fn the_cap_is_exact() {
    for codec in Codec::ALL {
        for len in [0, 1, 100, 40_000, 200_000] {
            let block = compress(codec, &plain(len)).expect("compresses");
            assert_eq!(decompress(codec, &block, len), Ok(plain(len)), "{codec:?} {len}");
            if len > 0 {
                let fault = Err(CompressFault::TooLarge { codec, max_bytes: len - 1 });
                assert_eq!(decompress(codec, &block, len - 1), fault, "{codec:?} {len}");
            }
        }
    }
}

#[test]
fn a_bomb_stops_at_the_cap() {
    for codec in [Codec::Gzip, Codec::Lz4, Codec::Zstd] {
        let block = compress(codec, &vec![0; 64 << 20]).expect("compresses");
        assert!(block.len() < 1 << 20);
        let fault = Err(CompressFault::TooLarge { codec, max_bytes: CAP });
        assert_eq!(decompress(codec, &block, CAP), fault, "{codec:?}");
    }
}

#[test]
fn a_bare_snappy_block_is_read() {
    let block = snap::raw::Encoder::new().compress_vec(&plain(1000)).expect("compresses");
    assert_eq!(decompress(Codec::Snappy, &block, CAP), Ok(plain(1000)));
}

#[test]
fn a_snappy_length_that_its_bytes_cannot_reach_is_refused() {
    let announces_4_gib = [0xff, 0xff, 0xff, 0xff, 0x0f, 0];
    let fault = Err(CompressFault::Malformed { codec: Codec::Snappy });
    assert_eq!(decompress(Codec::Snappy, &announces_4_gib, usize::MAX), fault);
}

#[test]
fn other_legal_lz4_frames_are_read() {
    use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
    let text = plain(300_000);
    for size in [BlockSize::Max64KB, BlockSize::Max256KB, BlockSize::Max1MB, BlockSize::Max4MB] {
        for mode in [BlockMode::Independent, BlockMode::Linked] {
            let info = FrameInfo::new()
                .block_size(size)
                .block_mode(mode)
                .block_checksums(true)
                .content_checksum(true)
                .content_size(Some(text.len() as u64));
            let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
            encoder.write_all(&text).expect("writes");
            let mut block = encoder.finish().expect("finishes");
            assert_eq!(decompress(Codec::Lz4, &block, CAP).as_ref(), Ok(&text));
            let middle = block.len() / 2;
            block[middle] ^= 1;
            let fault = Err(CompressFault::Malformed { codec: Codec::Lz4 });
            assert_eq!(decompress(Codec::Lz4, &block, CAP), fault);
        }
    }
}

#[test]
fn concatenated_frames_are_read_as_one() {
    for codec in [Codec::Gzip, Codec::Lz4, Codec::Zstd] {
        let mut block = compress(codec, b"one ").expect("compresses");
        block.extend(compress(codec, b"two").expect("compresses"));
        assert_eq!(decompress(codec, &block, CAP), Ok(b"one two".to_vec()), "{codec:?}");
    }
}

#[test]
fn lz4_frames_open_as_kafkas_do() {
    let block = compress(Codec::Lz4, b"x").expect("compresses");
    assert_eq!(block[..7], [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
    let gzip = compress(Codec::Gzip, b"x").expect("compresses");
    assert_eq!(gzip[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
}

#[test]
fn every_level_is_read_back_and_a_byte_too_little_room_is_refused() {
    let text = words(50_000);
    for codec in PACKED {
        let Some((range, default)) = levels(codec) else { continue };
        let tried = [*range.start(), 1, 4, default, *range.end()];
        for level in tried {
            let packing = Packing { codec, level: Some(level) };
            let mut out = vec![0; packed_bytes_max(text.len())];
            let written = compress_into(packing, &text, &mut out).expect("fits");
            let back = decompress(codec, &out[..written], text.len());
            assert!(back.as_ref() == Ok(&text), "{packing:?}");
            let fault = Err(CompressFault::TooLarge { codec, max_bytes: written - 1 });
            assert_eq!(
                compress_into(packing, &text, &mut out[..written - 1]),
                fault,
                "{packing:?}"
            );
        }
    }
}

#[test]
fn a_higher_lz4_level_gives_less() {
    let text = words(60_000);
    let size = |level| {
        let mut out = vec![0; packed_bytes_max(text.len())];
        compress_into(Packing { codec: Codec::Lz4, level: Some(level) }, &text, &mut out).unwrap()
    };
    assert!(size(17) < size(3) && size(3) < size(9), "9, the default, is the fast encoder");
}

#[test]
fn what_does_not_compress_stays_within_the_bound() {
    let mut state = 1u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    })
    .take(300_000)
    .collect();
    for codec in Codec::ALL {
        for level in [None, Some(1), Some(9)] {
            for len in [0, 1, 11, 12, 13, 65_536, 300_000] {
                let mut out = vec![0; packed_bytes_max(len)];
                let packing = Packing { codec, level };
                let written = compress_into(packing, &noise[..len], &mut out).expect("fits");
                assert!(decompress(codec, &out[..written], len).is_ok_and(|x| x == noise[..len]));
            }
        }
    }
}

proptest! {
    #[test]
    fn searched_lz4_is_read_back(
        seed in proptest::collection::vec(0u8..4, 0..300),
        times in 1usize..400,
        level in 1i32..18,
    ) {
        let text: Vec<u8> = seed.iter().copied().cycle().take(seed.len() * times).collect();
        let mut out = vec![0; packed_bytes_max(text.len())];
        let packing = Packing { codec: Codec::Lz4, level: Some(level) };
        let written = compress_into(packing, &text, &mut out).expect("fits");
        let back = decompress(Codec::Lz4, &out[..written], text.len()).expect("sound");
        prop_assert!(back == text);
    }

    #[test]
    fn no_damage_panics_or_passes_the_cap(
        codec in proptest::sample::select(&PACKED[..]),
        text in proptest::collection::vec(any::<u8>(), 0..400),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut block = compress(codec, &text).expect("compresses");
        for (at, mask) in flips {
            let at = at.index(block.len());
            block[at] ^= mask;
        }
        block.truncate(cut.index(block.len() + 1));
        if let Ok(out) = decompress(codec, &block, 500) {
            prop_assert!(out.len() <= 500);
        }
    }

    #[test]
    fn no_garbage_panics(
        codec in proptest::sample::select(&PACKED[..]),
        block in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = decompress(codec, &block, 10_000);
    }
}

#[test]
fn a_zstd_encoder_takes_no_more_than_is_said() {
    let plain: Vec<u8> =
        (0..4u32 << 20).map(|at| (at.wrapping_mul(0x9e37_79b9) >> 27) as u8).collect();
    for bytes in [1, 1 << 10, 70_000, 300_000, 1 << 20, 4 << 20] {
        for level in [-131_072, -5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 19, 20, 21, 22] {
            if bytes > 1 << 20 && level > 12 {
                continue;
            }
            let mut encoder = zstd::bulk::Compressor::new(level).expect("a level");
            encoder.compress(&plain[..bytes]).expect("compresses");
            let taken = encoder.context_mut().sizeof();
            let said = encoder_bytes_max(Packing { codec: Codec::Zstd, level: Some(level) }, bytes);
            assert!(taken <= said, "level {level}, {bytes} bytes: {taken} of {said}");
        }
    }
}
