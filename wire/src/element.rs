//! The two traits of everything that is decoded: [`Message`] for generated structs, [`Element`]
//! for whatever may stand in an array.
//!
//! `Element` exists because `[i32]` and `[string]` hold no structs and because fixed-width
//! elements are validated without a loop. Invariant: what `validate` accepts, `read` accepts.

use std::borrow::Cow;

use crate::{DecodeError, Reader, Str, Uuid, Writer};

/// A generated struct, of a message or nested in one.
pub trait Message<'a>: Sized {
    /// Reads the fields of `version`; absent ones take their default.
    fn decode(r: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError>;

    /// Writes the fields of `version`. Fields that it does not have are left out; a null that it
    /// does not have is written as empty.
    fn encode(&self, w: &mut Writer, version: i16);
}

/// How the elements of an array are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    pub version: i16,
    /// Compact lengths and tagged fields.
    pub flexible: bool,
}

/// What an [`crate::Array`] may hold.
pub trait Element<'a>: Sized {
    fn read(r: &mut Reader<'a>, form: Form) -> Result<Self, DecodeError>;

    fn write(&self, w: &mut Writer, form: Form);

    /// Walks over `count` elements; afterwards the same bytes can be read without an error.
    fn validate(r: &mut Reader<'a>, count: usize, form: Form) -> Result<(), DecodeError> {
        for _ in 0..count {
            Self::read(r, form)?;
        }
        Ok(())
    }
}

impl<'a, M: Message<'a>> Element<'a> for M {
    #[inline]
    fn read(r: &mut Reader<'a>, form: Form) -> Result<Self, DecodeError> {
        M::decode(r, form.version)
    }

    #[inline]
    fn write(&self, w: &mut Writer, form: Form) {
        self.encode(w, form.version);
    }
}

macro_rules! fixed_width {
    ($($type:ty, $method:ident, $width:literal;)*) => {$(
        impl<'a> Element<'a> for $type {
            #[inline]
            fn read(r: &mut Reader<'a>, _form: Form) -> Result<Self, DecodeError> {
                r.$method()
            }

            #[inline]
            fn write(&self, w: &mut Writer, _form: Form) {
                w.$method(*self);
            }

            fn validate(r: &mut Reader<'a>, count: usize, _: Form) -> Result<(), DecodeError> {
                r.take(count.saturating_mul($width)).map(|_| ())
            }
        }
    )*};
}

fixed_width! {
    i8, i8, 1;
    i16, i16, 2;
    i32, i32, 4;
    i64, i64, 8;
    Uuid, uuid, 16;
}

impl<'a> Element<'a> for Str<'a> {
    #[inline]
    fn read(r: &mut Reader<'a>, form: Form) -> Result<Self, DecodeError> {
        r.string(form.flexible)
    }

    #[inline]
    fn write(&self, w: &mut Writer, form: Form) {
        w.string(self, form.flexible);
    }
}

impl<'a> Element<'a> for Cow<'a, [u8]> {
    #[inline]
    fn read(r: &mut Reader<'a>, form: Form) -> Result<Self, DecodeError> {
        r.bytes(form.flexible)
    }

    #[inline]
    fn write(&self, w: &mut Writer, form: Form) {
        w.bytes(self, form.flexible);
    }
}
