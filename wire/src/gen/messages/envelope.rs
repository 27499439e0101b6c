// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct EnvelopeRequest<'a> {
        pub request_data: Cow<'a, [u8]>,
        pub request_principal: Option<Cow<'a, [u8]>>,
        pub client_host_address: Cow<'a, [u8]>,
    }

    impl Default for EnvelopeRequest<'_> {
        fn default() -> Self {
            Self {
                request_data: Default::default(),
                request_principal: Some(Default::default()),
                client_host_address: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for EnvelopeRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let request_data = r.bytes(true)?;
            let request_principal = r.bytes_or_null(true)?;
            let client_host_address = r.bytes(true)?;
            r.skip_tags()?;
            Ok(Self { request_data, request_principal, client_host_address })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.bytes(&self.request_data, true);
            w.bytes_or_null(self.request_principal.as_deref(), true);
            w.bytes(&self.client_host_address, true);
            w.tag_count(0);
        }
    }
}

pub mod response {
    use std::borrow::Cow;

    use crate::{DecodeError, Fault, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct EnvelopeResponse<'a> {
        pub response_data: Option<Cow<'a, [u8]>>,
        pub error_code: i16,
    }

    impl<'a> Message<'a> for EnvelopeResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if v != 0 {
                return Err(r.error(Fault::Version { version: v }));
            }
            let response_data = r.bytes_or_null(true)?;
            let error_code = r.i16()?;
            r.skip_tags()?;
            Ok(Self { response_data, error_code })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.bytes_or_null(self.response_data.as_deref(), true);
            w.i16(self.error_code);
            w.tag_count(0);
        }
    }
}
