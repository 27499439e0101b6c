// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ExpireDelegationTokenRequest<'a> {
        pub hmac: Cow<'a, [u8]>,
        pub expiry_time_period_ms: i64,
    }

    impl<'a> Message<'a> for ExpireDelegationTokenRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let hmac = r.bytes(flex)?;
            let expiry_time_period_ms = r.i64()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { hmac, expiry_time_period_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.bytes(&self.hmac, flex);
            w.i64(self.expiry_time_period_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ExpireDelegationTokenResponse {
        pub error_code: i16,
        pub expiry_timestamp_ms: i64,
        pub throttle_time_ms: i32,
    }

    impl<'a> Message<'a> for ExpireDelegationTokenResponse {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(1..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 2;
            let error_code = r.i16()?;
            let expiry_timestamp_ms = r.i64()?;
            let throttle_time_ms = r.i32()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { error_code, expiry_timestamp_ms, throttle_time_ms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 2;
            w.i16(self.error_code);
            w.i64(self.expiry_timestamp_ms);
            w.i32(self.throttle_time_ms);
            if flex {
                w.tag_count(0);
            }
        }
    }
}
