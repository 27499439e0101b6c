// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct OffsetDeleteRequest<'a> {
        pub group_id: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for OffsetDeleteRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let group_id = r.string(false)?;
            let topics = r.array(Form { version: v, flexible: false })?;
            Ok(Self { group_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.group_id, false);
            w.array(&self.topics, Form { version: v, flexible: false });
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(false)?;
            let partitions = r.array(Form { version: v, flexible: false })?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, false);
            w.array(&self.partitions, Form { version: v, flexible: false });
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            Ok(Self { partition_index })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct OffsetDeleteResponse<'a> {
        pub error_code: i16,
        pub throttle_time_ms: i32,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for OffsetDeleteResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let error_code = r.i16()?;
            let throttle_time_ms = r.i32()?;
            let topics = r.array(Form { version: v, flexible: false })?;
            Ok(Self { error_code, throttle_time_ms, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.i32(self.throttle_time_ms);
            w.array(&self.topics, Form { version: v, flexible: false });
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(false)?;
            let partitions = r.array(Form { version: v, flexible: false })?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, false);
            w.array(&self.partitions, Form { version: v, flexible: false });
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            Ok(Self { partition_index, error_code })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
        }
    }
}
