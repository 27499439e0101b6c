// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct HeartbeatRequest<'a> {
        pub group_id: Str<'a>,
        pub generation_id: i32,
        pub member_id: Str<'a>,
        /// Versions 3 and up.
        pub group_instance_id: Option<Str<'a>>,
    }

    impl<'a> Message<'a> for HeartbeatRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let group_id = r.string(flex)?;
            let generation_id = r.i32()?;
            let member_id = r.string(flex)?;
            let group_instance_id =
                if v >= 3 { r.string_or_null(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { group_id, generation_id, member_id, group_instance_id })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            w.string(&self.group_id, flex);
            w.i32(self.generation_id);
            w.string(&self.member_id, flex);
            if v >= 3 {
                w.string_or_null(self.group_instance_id.as_deref(), flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct HeartbeatResponse {
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for HeartbeatResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 4;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let error_code = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { throttle_time_ms, error_code })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 4;
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            w.i16(self.error_code);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
