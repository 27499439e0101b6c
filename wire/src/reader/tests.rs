//! Primitives: each encoding against the bytes the protocol prescribes, and its rejected neighbour.

use std::borrow::Cow;

use super::*;
use crate::{Gap, Writer};

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::new();
    write(&mut w);
    w.into_bytes().to_vec()
}

fn fault<T: fmt::Debug>(outcome: Result<T, DecodeError>) -> Fault {
    outcome.expect_err("these bytes are refused").fault
}

#[test]
fn variable_length_integers_have_seven_bits_a_byte() {
    for (value, bytes) in [
        (0, &[0][..]),
        (127, &[0x7f]),
        (128, &[0x80, 0x01]),
        (300, &[0xac, 0x02]),
        (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
    ] {
        assert_eq!(written(|w| w.uvarint(value)), bytes);
        assert_eq!(Reader::new(bytes).uvarint(), Ok(value));
        let short = &bytes[..bytes.len() - 1];
        assert_eq!(fault(Reader::new(short).uvarint()), Fault::Short { wanted: 1, left: 0 });
    }
}

#[test]
fn zigzag_integers_cover_their_whole_range() {
    for value in [0, -1, 1, 63, -64, 64, i32::MAX, i32::MIN] {
        let bytes = written(|w| w.varint(value));
        assert_eq!(Reader::new(&bytes).varint(), Ok(value));
    }
    for value in [0, -1, 1, i64::from(i32::MIN) - 1, i64::MAX, i64::MIN] {
        let bytes = written(|w| w.varlong(value));
        assert_eq!(Reader::new(&bytes).varlong(), Ok(value));
    }
    assert_eq!(written(|w| w.varint(-1)), [1]);
    assert_eq!(written(|w| w.varlong(i64::MIN)).len(), crate::limits::VARLONG_BYTES_MAX);
    assert_eq!(written(|w| w.varint(i32::MIN)).len(), crate::limits::VARINT_BYTES_MAX);
}

#[test]
fn a_variable_length_integer_past_its_type_is_refused() {
    let past_32_bits: [&[u8]; 3] = [
        &[0xff, 0xff, 0xff, 0xff, 0x10],
        &[0xff, 0xff, 0xff, 0xff, 0x1f],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    ];
    for bytes in past_32_bits {
        assert_eq!(fault(Reader::new(bytes).uvarint()), Fault::VarintOverflow, "{bytes:02x?}");
    }
    let mut past_64_bits = [0xff; 10];
    past_64_bits[9] = 0x02;
    assert_eq!(fault(Reader::new(&past_64_bits).varlong()), Fault::VarintOverflow);
    assert_eq!(fault(Reader::new(&[0x80; 11]).varlong()), Fault::VarintOverflow);
}

#[test]
fn strings_and_bytes_have_a_classic_and_a_compact_length() {
    let cases: [(&[u8], bool, Option<&str>); 6] = [
        (&[0, 2, b'h', b'i'], false, Some("hi")),
        (&[3, b'h', b'i'], true, Some("hi")),
        (&[0, 0], false, Some("")),
        (&[1], true, Some("")),
        (&[0xff, 0xff], false, None),
        (&[0], true, None),
    ];
    for (bytes, flexible, text) in cases {
        let read = Reader::new(bytes).string_or_null(flexible);
        assert_eq!(read, Ok(text.map(Cow::Borrowed)));
        assert_eq!(written(|w| w.string_or_null(text, flexible)), bytes);
        let read = Reader::new(bytes).string(flexible);
        assert_eq!(read.is_ok(), text.is_some(), "null is refused where there is none");
    }
    assert_eq!(written(|w| w.bytes(b"hi", false)), [0, 0, 0, 2, b'h', b'i']);
    assert_eq!(written(|w| w.bytes_or_null(None, false)), [0xff; 4]);
    assert_eq!(written(|w| w.bytes_or_null(None, true)), [0]);
}

#[test]
fn lengths_that_cannot_be_are_refused() {
    let short = Fault::Short { wanted: 3, left: 2 };
    assert_eq!(fault(Reader::new(&[0, 3, b'h', b'i']).string(false)), short);
    let negative = Fault::NegativeLength { length: -2 };
    assert_eq!(fault(Reader::new(&[0xff, 0xfe]).string_or_null(false)), negative);
    assert_eq!(fault(Reader::new(&[0xff, 0xff, 0xff, 0xfe]).bytes_or_null(false)), negative);
    assert_eq!(fault(Reader::new(&[0, 1, 0xff]).string(false)), Fault::NotUtf8);
    let too_long = written(|w| w.uvarint(STRING_BYTES_MAX as u32 + 2));
    let length = STRING_BYTES_MAX as u32 + 1;
    assert_eq!(fault(Reader::new(&too_long).string(true)), Fault::StringTooLong { length });
}

#[test]
fn a_string_past_the_protocols_limit_is_cut_at_a_character() {
    let text = "é".repeat(STRING_BYTES_MAX);
    for flexible in [false, true] {
        let bytes = written(|w| w.string(&text, flexible));
        let read = Reader::new(&bytes).string(flexible).expect("it is within the limit");
        assert_eq!(read.len(), STRING_BYTES_MAX - 1);
    }
}

#[test]
fn an_array_is_a_view_that_yields_its_elements_any_number_of_times() {
    let form = Form { version: 0, flexible: true };
    let built: Array<'_, Str<'_>> = ["a", "", "ccc"].map(Cow::Borrowed).into_iter().collect();
    let bytes = written(|w| w.array(&built, form));
    let read: Array<'_, Str<'_>> = Reader::new(&bytes).array(form).expect("an array");
    assert_eq!(read, built);
    assert_eq!(read.iter().len(), 3);
    assert_eq!(read.to_vec(), built.to_vec());
    assert_eq!(written(|w| w.array(&read, form)), bytes);
    assert_eq!(format!("{read:?}"), r#"["a", "", "ccc"]"#);
    let short = &bytes[..bytes.len() - 1];
    assert!(Reader::new(short).array::<Str<'_>>(form).is_err());
}

#[test]
fn an_array_of_numbers_takes_its_bytes_at_once_or_not_at_all() {
    let form = Form::default();
    let bytes = [0, 0, 0, 2, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff];
    let read: Array<'_, i32> = Reader::new(&bytes).array(form).expect("an array");
    assert_eq!(read.to_vec(), [7, -1]);
    let short = Fault::Short { wanted: 8, left: 7 };
    assert_eq!(fault(Reader::new(&bytes[..11]).array::<i32>(form)), short);
    let beyond = Fault::CountBeyondBytes { count: i32::MAX as u32, left: 0 };
    assert_eq!(fault(Reader::new(&[0x7f, 255, 255, 255]).array::<i32>(form)), beyond);
    assert_eq!(Reader::new(&[255; 4]).array_or_null::<i32>(form), Ok(None));
}

#[test]
fn an_unknown_tag_is_skipped_by_its_size_and_a_known_one_must_fill_it() {
    let bytes = [2, 5, 2, 0xaa, 0xbb, 9, 0, 0x11];
    let mut r = Reader::new(&bytes);
    assert_eq!(r.skip_tags(), Ok(()));
    assert_eq!(r.rest(), [0x11]);
    let mut r = Reader::new(&bytes[1..]);
    let (tag, mut payload) = r.tag().expect("a tag");
    assert_eq!((tag, payload.i8()), (5, Ok(0xaau8 as i8)));
    assert_eq!(fault(payload.finish_tag(5)), Fault::TagSize { tag: 5 });
    assert_eq!(payload.i8().map(|_| payload.finish_tag(5)), Ok(Ok(())));
    let hostile = [0xff, 0xff, 0xff, 0xff, 0x0f];
    assert_eq!(fault(Reader::new(&hostile).skip_tags()), Fault::Short { wanted: 1, left: 0 });
}

#[test]
fn a_gap_inside_a_tag_moves_with_it_and_counts_in_its_size() {
    let mut w = Writer::new();
    w.tag(3, |w| {
        w.i8(1);
        w.records(&Records::Gap(200), true);
        w.i8(2);
    });
    // Tag, size 204 in two bytes, then 1, length + 1 in two bytes, the gap, and 2.
    assert_eq!(w.as_slice(), [3, 0xcc, 0x01, 1, 0xc9, 0x01, 2]);
    assert_eq!(w.gaps(), [Gap { at: 6, len: 200 }]);
    assert_eq!(w.wire_len(), 207);
}

#[test]
fn positions_in_errors_count_from_the_first_byte() {
    let mut r = Reader::new(&[0, 0, 0, 1, 0, 9, b'x']);
    assert_eq!(r.i32(), Ok(1));
    let error = r.string(false).expect_err("nine bytes are not there");
    assert_eq!(error.to_string(), "9 bytes wanted, 1 left (at byte 6)");
    assert_eq!(fault(r.finish()), Fault::Trailing { left: 1 });
}
