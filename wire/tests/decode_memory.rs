//! What decoding costs in memory: at most four times the frame and 4 KiB, whatever the bytes say.
//!
//! Every golden body and mutations of it are decoded and walked to the last field while the
//! allocator keeps the peak. The only test in this binary, so that no other test's memory counts.

// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use millstream_wire as wire;
use peak_alloc::PeakAlloc;
use serde_json::Value;
use wire::{ApiKey, Message, Reader};

mod seeded;
mod testdata;

use seeded::Seeded;
use testdata::{hex, load};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MUTATIONS: usize = 300;
const BYTES_PER_FRAME_BYTE: usize = 4;
const BYTES_PER_FRAME: usize = 4096;

#[derive(Debug, Default)]
struct Seen {
    frames: usize,
    accepted: usize,
    bytes_max: usize,
}

/// Decodes, and reads every element of every array by comparing the message with itself.
fn walk<'a, M: Message<'a> + PartialEq>(bytes: &'a [u8], version: i16) -> bool {
    let decoded = M::decode(&mut Reader::new(bytes), version);
    #[expect(clippy::eq_op, reason = "a comparison visits every field without allocating")]
    decoded.as_ref().map(|message| message == message).is_ok()
}

fn measure(what: &str, bytes: &[u8], walk: impl FnOnce(&[u8]) -> bool, seen: &mut Seen) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let accepted = walk(bytes);
    let used = ALLOCATOR.peak_usage().saturating_sub(before);
    let bound = BYTES_PER_FRAME_BYTE * bytes.len() + BYTES_PER_FRAME;
    assert!(used <= bound, "{what}: {used} bytes for a frame of {}", bytes.len());
    seen.frames += 1;
    seen.accepted += usize::from(accepted);
    seen.bytes_max = seen.bytes_max.max(used);
}

fn measure_all(what: &str, instances: &Value, walk: fn(&[u8], i16) -> bool, seen: &mut Seen) {
    for instance in instances.as_array().expect("a list of instances") {
        let version = instance["version"].as_i64().expect("a version") as i16;
        let golden = hex(instance["hex"].as_str().expect("hex"));
        let mut random = Seeded::of(&golden);
        measure(what, &golden, |bytes| walk(bytes, version), seen);
        for _ in 0..MUTATIONS {
            let mutated = random.mutation(&golden);
            measure(what, &mutated, |bytes| walk(bytes, version), seen);
        }
    }
}

#[test]
fn decoding_never_takes_more_than_four_times_the_frame() {
    let mut seen = Seen::default();
    macro_rules! row {
        ($key:ident $module:ident $request:ident $response:ident) => {{
            let api = ApiKey::$key;
            let file = load(&format!("{:03}-{}.json", api.key(), api.name()));
            row!(body $request &file["requests"]);
            row!(body $response &file["responses"]);
        }};
        (body $type:ident $instances:expr) => {{
            let walk = |bytes: &[u8], v: i16| walk::<wire::messages::$type>(bytes, v);
            measure_all(stringify!($type), $instances, walk, &mut seen);
        }};
    }
    wire::for_each_api!(row);
    println!("{seen:?}");
    assert_eq!(seen.frames, 1766 * (MUTATIONS + 1));
    assert!(seen.accepted > 1766, "some mutations are accepted: {seen:?}");
}
