// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListConfigResourcesRequest<'a> {
        /// Version 1.
        pub resource_types: Array<'a, i8>,
    }

    impl<'a> Message<'a> for ListConfigResourcesRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let resource_types = if v >= 1 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            r.skip_tags()?;
            Ok(Self { resource_types })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v >= 1 {
                w.array(&self.resource_types, Form { version: v, flexible: true });
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ListConfigResourcesResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub config_resources: Array<'a, ConfigResources<'a>>,
    }

    impl<'a> Message<'a> for ListConfigResourcesResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=1).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let config_resources = r.array(Form { version: v, flexible: true })?;
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, config_resources })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.array(&self.config_resources, Form { version: v, flexible: true });
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct ConfigResources<'a> {
        pub resource_name: Str<'a>,
        /// Version 1.
        pub resource_type: i8,
    }

    impl Default for ConfigResources<'_> {
        fn default() -> Self {
            Self { resource_name: Default::default(), resource_type: 16 }
        }
    }

    impl<'a> Message<'a> for ConfigResources<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let resource_name = r.string(true)?;
            let resource_type = if v >= 1 { r.i8()? } else { 16 };
            r.skip_tags()?;
            Ok(Self { resource_name, resource_type })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.resource_name, true);
            if v >= 1 {
                w.i8(self.resource_type);
            }
            w.tag_count(0);
        }
    }
}
