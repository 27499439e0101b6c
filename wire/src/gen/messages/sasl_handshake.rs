// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SaslHandshakeRequest<'a> {
        pub mechanism: Str<'a>,
    }

    impl<'a> Message<'a> for SaslHandshakeRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let mechanism = r.string(false)?;
            Ok(Self { mechanism })
        }

        fn encode(&self, w: &mut Writer, _v: i16) {
            w.string(&self.mechanism, false);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SaslHandshakeResponse<'a> {
        pub error_code: i16,
        pub mechanisms: Array<'a, Str<'a>>,
    }

    impl<'a> Message<'a> for SaslHandshakeResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let error_code = r.i16()?;
            let mechanisms = r.array(Form { version: v, flexible: false })?;
            Ok(Self { error_code, mechanisms })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i16(self.error_code);
            w.array(&self.mechanisms, Form { version: v, flexible: false });
        }
    }
}
