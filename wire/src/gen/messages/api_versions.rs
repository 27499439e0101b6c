// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ApiVersionsRequest<'a> {
        /// Versions 3 and up.
        pub client_software_name: Str<'a>,
        /// Versions 3 and up.
        pub client_software_version: Str<'a>,
    }

    impl<'a> Message<'a> for ApiVersionsRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let client_software_name = if v >= 3 { r.string(flex)? } else { Default::default() };
            let client_software_version = if v >= 3 { r.string(flex)? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { client_software_name, client_software_version })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 3 {
                w.string(&self.client_software_name, flex);
            }
            if v >= 3 {
                w.string(&self.client_software_version, flex);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct ApiVersionsResponse<'a> {
        pub error_code: i16,
        pub api_keys: Array<'a, ApiKeys>,
        /// Versions 1 and up.
        pub throttle_time_ms: i32,
        /// Versions 3 and up, tag 0.
        pub supported_features: Array<'a, SupportedFeatures<'a>>,
        /// Versions 3 and up, tag 1.
        pub finalized_features_epoch: i64,
        /// Versions 3 and up, tag 2.
        pub finalized_features: Array<'a, FinalizedFeatures<'a>>,
        /// Versions 3 and up, tag 3.
        pub zk_migration_ready: bool,
    }

    impl Default for ApiVersionsResponse<'_> {
        fn default() -> Self {
            Self {
                error_code: Default::default(),
                api_keys: Default::default(),
                throttle_time_ms: Default::default(),
                supported_features: Default::default(),
                finalized_features_epoch: -1,
                finalized_features: Default::default(),
                zk_migration_ready: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for ApiVersionsResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=4).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let flex = v >= 3;
            let error_code = r.i16()?;
            let api_keys = r.array(Form { version: v, flexible: flex })?;
            let throttle_time_ms = if v >= 1 { r.i32()? } else { Default::default() };
            let mut supported_features: Array<'a, SupportedFeatures<'a>> = Default::default();
            let mut finalized_features_epoch: i64 = -1;
            let mut finalized_features: Array<'a, FinalizedFeatures<'a>> = Default::default();
            let mut zk_migration_ready: bool = Default::default();
            if flex {
                for _ in 0..r.tag_count()? {
                    let (tag, mut p) = r.tag()?;
                    match tag {
                        0 => supported_features = p.array(Form { version: v, flexible: flex })?,
                        1 => finalized_features_epoch = p.i64()?,
                        2 => finalized_features = p.array(Form { version: v, flexible: flex })?,
                        3 => zk_migration_ready = p.bool()?,
                        _ => continue,
                    }
                    p.finish_tag(tag)?;
                }
            }
            Ok(Self {
                error_code,
                api_keys,
                throttle_time_ms,
                supported_features,
                finalized_features_epoch,
                finalized_features,
                zk_migration_ready,
            })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i16(self.error_code);
            w.array(&self.api_keys, Form { version: v, flexible: flex });
            if v >= 1 {
                w.i32(self.throttle_time_ms);
            }
            if flex {
                let set_0 = !self.supported_features.is_empty();
                let set_1 = self.finalized_features_epoch != -1;
                let set_2 = !self.finalized_features.is_empty();
                let set_3 = self.zk_migration_ready;
                w.tag_count(
                    u32::from(set_0) + u32::from(set_1) + u32::from(set_2) + u32::from(set_3),
                );
                if set_0 {
                    w.tag(0, |w| {
                        w.array(&self.supported_features, Form { version: v, flexible: flex });
                    });
                }
                if set_1 {
                    w.tag(1, |w| {
                        w.i64(self.finalized_features_epoch);
                    });
                }
                if set_2 {
                    w.tag(2, |w| {
                        w.array(&self.finalized_features, Form { version: v, flexible: flex });
                    });
                }
                if set_3 {
                    w.tag(3, |w| {
                        w.bool(self.zk_migration_ready);
                    });
                }
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ApiKeys {
        pub api_key: i16,
        pub min_version: i16,
        pub max_version: i16,
    }

    impl<'a> Message<'a> for ApiKeys {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let api_key = r.i16()?;
            let min_version = r.i16()?;
            let max_version = r.i16()?;
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { api_key, min_version, max_version })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            w.i16(self.api_key);
            w.i16(self.min_version);
            w.i16(self.max_version);
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct SupportedFeatures<'a> {
        /// Versions 3 and up.
        pub name: Str<'a>,
        /// Versions 3 and up.
        pub min_version: i16,
        /// Versions 3 and up.
        pub max_version: i16,
    }

    impl<'a> Message<'a> for SupportedFeatures<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v >= 3 { r.string(flex)? } else { Default::default() };
            let min_version = if v >= 3 { r.i16()? } else { Default::default() };
            let max_version = if v >= 3 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, min_version, max_version })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 3 {
                w.string(&self.name, flex);
            }
            if v >= 3 {
                w.i16(self.min_version);
            }
            if v >= 3 {
                w.i16(self.max_version);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }

    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct FinalizedFeatures<'a> {
        /// Versions 3 and up.
        pub name: Str<'a>,
        /// Versions 3 and up.
        pub max_version_level: i16,
        /// Versions 3 and up.
        pub min_version_level: i16,
    }

    impl<'a> Message<'a> for FinalizedFeatures<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let flex = v >= 3;
            let name = if v >= 3 { r.string(flex)? } else { Default::default() };
            let max_version_level = if v >= 3 { r.i16()? } else { Default::default() };
            let min_version_level = if v >= 3 { r.i16()? } else { Default::default() };
            if flex {
                r.skip_tags()?;
            }
            Ok(Self { name, max_version_level, min_version_level })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            let flex = v >= 3;
            if v >= 3 {
                w.string(&self.name, flex);
            }
            if v >= 3 {
                w.i16(self.max_version_level);
            }
            if v >= 3 {
                w.i16(self.min_version_level);
            }
            if flex {
                w.tag_count(0);
            }
        }
    }
}
