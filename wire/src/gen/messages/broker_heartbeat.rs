// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Uuid, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct BrokerHeartbeatRequest<'a> {
        pub broker_id: i32,
        pub broker_epoch: i64,
        pub current_metadata_offset: i64,
        pub want_fence: bool,
        pub want_shut_down: bool,
        /// Versions 1 and up, tag 0.
        pub offline_log_dirs: Array<'a, Uuid>,
        /// Version 2, tag 1.
        pub cordoned_log_dirs: Option<Array<'a, Uuid>>,
    }

    impl Default for BrokerHeartbeatRequest<'_> {
        fn default() -> Self {
            Self {
                broker_id: Default::default(),
                broker_epoch: -1,
                current_metadata_offset: Default::default(),
                want_fence: Default::default(),
                want_shut_down: Default::default(),
                offline_log_dirs: Default::default(),
                cordoned_log_dirs: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for BrokerHeartbeatRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let broker_id = r.i32()?;
            let broker_epoch = r.i64()?;
            let current_metadata_offset = r.i64()?;
            let want_fence = r.bool()?;
            let want_shut_down = r.bool()?;
            let mut offline_log_dirs: Array<'a, Uuid> = Default::default();
            let mut cordoned_log_dirs: Option<Array<'a, Uuid>> = Default::default();
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 if v >= 1 => {
                        offline_log_dirs = p.array(Form { version: v, flexible: true })?
                    }
                    1 if v >= 2 => {
                        cordoned_log_dirs = p.array_or_null(Form { version: v, flexible: true })?
                    }
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
            Ok(Self {
                broker_id,
                broker_epoch,
                current_metadata_offset,
                want_fence,
                want_shut_down,
                offline_log_dirs,
                cordoned_log_dirs,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.broker_id);
            w.i64(self.broker_epoch);
            w.i64(self.current_metadata_offset);
            w.bool(self.want_fence);
            w.bool(self.want_shut_down);
            let set_0 = v >= 1 && !self.offline_log_dirs.is_empty();
            let set_1 = v >= 2 && self.cordoned_log_dirs.is_some();
            w.tag_count(u32::from(set_0) + u32::from(set_1));
            if set_0 {
                w.tag(0, |w| {
                    w.array(&self.offline_log_dirs, Form { version: v, flexible: true });
                });
            }
            if set_1 {
                w.tag(1, |w| {
                    w.array_or_null(
                        self.cordoned_log_dirs.as_ref(),
                        Form { version: v, flexible: true },
                    );
                });
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct BrokerHeartbeatResponse {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub is_caught_up: bool,
        pub is_fenced: bool,
        pub should_shut_down: bool,
    }

    impl Default for BrokerHeartbeatResponse {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                is_caught_up: Default::default(),
                is_fenced: true,
                should_shut_down: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for BrokerHeartbeatResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let is_caught_up = r.bool()?;
            let is_fenced = r.bool()?;
            let should_shut_down = r.bool()?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, is_caught_up, is_fenced, should_shut_down })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.bool(self.is_caught_up);
            w.bool(self.is_fenced);
            w.bool(self.should_shut_down);
            w.tag_count(0);
        }
    }
}
