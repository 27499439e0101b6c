// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct AssignReplicasToDirsRequest<'a> {
        pub broker_id: i32,
        pub broker_epoch: i64,
        pub directories: Array<'a, Directories<'a>>,
    }

    impl Default for AssignReplicasToDirsRequest<'_> {
        fn default() -> Self {
            Self {
                broker_id: Default::default(),
                broker_epoch: -1,
                directories: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for AssignReplicasToDirsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let broker_id = r.i32()?;
            let broker_epoch = r.i64()?;
            let directories = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { broker_id, broker_epoch, directories })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.broker_id);
            w.i64(self.broker_epoch);
            w.array(&self.directories, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Directories<'a> {
        pub id: Uuid,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for Directories<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let id = r.uuid()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.id);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
            w.array(&self.partitions, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
            let partition_index = r.i32()?;
            r.skip_tags()?;
            Ok(Self { partition_index })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.partition_index);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AssignReplicasToDirsResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub directories: Array<'a, Directories<'a>>,
    }

    impl<'a> Message<'a> for AssignReplicasToDirsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let directories = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, directories })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.array(&self.directories, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Directories<'a> {
        pub id: Uuid,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for Directories<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let id = r.uuid()?;
            let topics = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { id, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.id);
            w.array(&self.topics, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub topic_id: Uuid,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let topic_id = r.uuid()?;
            let partitions = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { topic_id, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.uuid(self.topic_id);
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
