//! Builds messages from the JSON of the golden files, field by field.
//!
//! The generated part is in `gen/`. A field that the JSON lacks, or has beyond the version's
//! fields, fails the test. Bytes are hex, ids have dashes.

use std::borrow::Cow;

use millstream_wire::{Array, Element, Records, Str, Uuid};
use serde_json::{Map, Value};

use crate::testdata::hex;

pub trait FromJson: Sized {
    fn from_json(json: &Value, version: i16) -> Self;
}

/// A JSON object whose fields must all be read.
pub struct Object<'j> {
    fields: &'j Map<String, Value>,
    read: usize,
}

impl<'j> Object<'j> {
    pub fn new(json: &'j Value) -> Self {
        Object { fields: json.as_object().expect("an object"), read: 0 }
    }

    /// Reads a field that this version has, and only then.
    pub fn read<T: FromJson>(&mut self, name: &str, version: i16, present: bool, into: &mut T) {
        let value = self.fields.get(name);
        assert_eq!(value.is_some(), present, "field {name} in version {version}");
        if let Some(value) = value {
            *into = T::from_json(value, version);
            self.read += 1;
        }
    }

    pub fn finish(self) {
        let names: Vec<&String> = self.fields.keys().collect();
        assert_eq!(self.read, self.fields.len(), "some of {names:?} have no field");
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl FromJson for $type {
            fn from_json(json: &Value, _: i16) -> Self {
                let number = json.as_i64().expect("an integer");
                <$type>::try_from(number).expect("in the type's range")
            }
        }
    )*};
}

integers! { i8 i16 u16 i32 u32 i64 }

impl FromJson for bool {
    fn from_json(json: &Value, _: i16) -> Self {
        json.as_bool().expect("a boolean")
    }
}

impl FromJson for f64 {
    fn from_json(json: &Value, _: i16) -> Self {
        json.as_f64().expect("a number")
    }
}

impl FromJson for Str<'static> {
    fn from_json(json: &Value, _: i16) -> Self {
        Cow::Owned(json.as_str().expect("a string").to_owned())
    }
}

impl FromJson for Cow<'static, [u8]> {
    fn from_json(json: &Value, _: i16) -> Self {
        Cow::Owned(hex(json.as_str().expect("hex")))
    }
}

impl FromJson for Records<'static> {
    fn from_json(json: &Value, version: i16) -> Self {
        Records::Bytes(FromJson::from_json(json, version))
    }
}

impl FromJson for Uuid {
    fn from_json(json: &Value, _: i16) -> Self {
        let text = json.as_str().expect("an id").replace('-', "");
        Uuid::from_u128(u128::from_str_radix(&text, 16).expect("an id in hex"))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Value, version: i16) -> Self {
        (!json.is_null()).then(|| T::from_json(json, version))
    }
}

impl<T: FromJson + Element<'static>> FromJson for Array<'static, T> {
    fn from_json(json: &Value, version: i16) -> Self {
        let elements = json.as_array().expect("an array");
        elements.iter().map(|element| T::from_json(element, version)).collect()
    }
}
