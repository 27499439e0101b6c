// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterReplicaLogDirsRequest<'a> {
        pub dirs: Array<'a, Dirs<'a>>,
    }

    impl<'a> Message<'a> for AlterReplicaLogDirsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let dirs = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { dirs })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.array(&self.dirs, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Dirs<'a> {
        pub path: Str<'a>,
        pub topics: Array<'a, Topics<'a>>,
    }

    impl<'a> Message<'a> for Dirs<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let path = r.string(flex)?;
            let topics = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { path, topics })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.path, flex);
            w.array(&self.topics, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Topics<'a> {
        pub name: Str<'a>,
        pub partitions: Array<'a, i32>,
    }

    impl<'a> Message<'a> for Topics<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct AlterReplicaLogDirsResponse<'a> {
        pub throttle_time_ms: i32,
        pub results: Array<'a, Results<'a>>,
    }

    impl<'a> Message<'a> for AlterReplicaLogDirsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let throttle_time_ms = r.i32()?;
            let results = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.throttle_time_ms);
            w.array(&self.results, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Results<'a> {
        pub topic_name: Str<'a>,
        pub partitions: Array<'a, Partitions>,
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let topic_name = r.string(flex)?;
            let partitions = r.array(Form { version: v, flexible: flex })?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { topic_name, partitions })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.string(&self.topic_name, flex);
            w.array(&self.partitions, Form { version: v, flexible: flex });
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct Partitions {
        pub partition_index: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for Partitions {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 2;
            let partition_index = r.i32()?;
            let error_code = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { partition_index, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i32(self.partition_index);
            w.i16(self.error_code);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
