// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct WriteTxnMarkersRequest<'a> {
        pub markers: Array<'a, Markers<'a>>,
    }

    impl<'a> Message<'a> for WriteTxnMarkersRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let markers = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { markers })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.markers, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Markers<'a> {
        pub producer_id: i64,
        pub producer_epoch: i16,
        pub transaction_result: bool,
        pub topics: Array<'a, Topics<'a>>,
        pub coordinator_epoch: i32,
        /// Version 2.
        pub transaction_version: i8,
    }

    impl<'a> Message<'a> for Markers<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let producer_id = r.i64()?;
            let producer_epoch = r.i16()?;
            let transaction_result = r.bool()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            let coordinator_epoch = r.i32()?;
            let transaction_version = if v >= 2 { r.i8()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self {
                producer_id,
                producer_epoch,
                transaction_result,
                topics,
                coordinator_epoch,
                transaction_version,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i64(self.producer_id);
            w.i16(self.producer_epoch);
            w.bool(self.transaction_result);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.i32(self.coordinator_epoch);
            if v >= 2 {
                w.i8(self.transaction_version);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partition_indexes: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partition_indexes = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partition_indexes })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partition_indexes, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct WriteTxnMarkersResponse<'a> {
        pub markers: Array<'a, Markers<'a>>,
    }

    impl<'a> Message<'a> for WriteTxnMarkersResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let markers = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { markers })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.array(&self.markers, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Markers<'a> {
        pub producer_id: i64,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for Markers<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let producer_id = r.i64()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { producer_id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i64(self.producer_id);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let name = r.string(true)?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.name, true);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
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
            r.skip_tags()?;
            Ok(Self { partition_index, error_code })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.i16(self.error_code);
            w.tag_count(0);
        }
    }
}
