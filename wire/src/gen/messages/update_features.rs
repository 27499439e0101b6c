// Written by `cargo xtask codegen` from wire/schema; do not edit.

pub mod request {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct UpdateFeaturesRequest<'a> {
        pub timeout_ms: i32,
        pub feature_updates: Array<'a, FeatureUpdates<'a>>,
        /// Versions 1 and up.
        pub validate_only: bool,
    }

    impl Default for UpdateFeaturesRequest<'_> {
        fn default() -> Self {
            Self {
                timeout_ms: 60000,
                feature_updates: Default::default(),
                validate_only: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for UpdateFeaturesRequest<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let timeout_ms = r.i32()?;
            let feature_updates = r.array(Form { version: v, flexible: true })?;
            let validate_only = if v >= 1 { r.bool()? } else { Default::default() };
            r.skip_tags()?;
            Ok(Self { timeout_ms, feature_updates, validate_only })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.timeout_ms);
            w.array(&self.feature_updates, Form { version: v, flexible: true });
            if v >= 1 {
                w.bool(self.validate_only);
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct FeatureUpdates<'a> {
        pub feature: Str<'a>,
        pub max_version_level: i16,
        /// Version 0.
        pub allow_downgrade: bool,
        /// Versions 1 and up.
        pub upgrade_type: i8,
    }

    impl Default for FeatureUpdates<'_> {
        fn default() -> Self {
            Self {
                feature: Default::default(),
                max_version_level: Default::default(),
                allow_downgrade: Default::default(),
                upgrade_type: 1,
            }
        }
    }

    impl<'a> Message<'a> for FeatureUpdates<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let feature = r.string(true)?;
            let max_version_level = r.i16()?;
            let allow_downgrade = if v <= 0 { r.bool()? } else { Default::default() };
            let upgrade_type = if v >= 1 { r.i8()? } else { 1 };
            r.skip_tags()?;
            Ok(Self { feature, max_version_level, allow_downgrade, upgrade_type })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.string(&self.feature, true);
            w.i16(self.max_version_level);
            if v <= 0 {
                w.bool(self.allow_downgrade);
            }
            if v >= 1 {
                w.i8(self.upgrade_type);
            }
            w.tag_count(0);
        }
    }
}

pub mod response {
    use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

    #[derive(Debug, Clone, PartialEq)]
    pub struct UpdateFeaturesResponse<'a> {
        pub throttle_time_ms: i32,
        pub error_code: i16,
        pub error_message: Option<Str<'a>>,
        /// Versions 0 to 1.
        pub results: Array<'a, Results<'a>>,
    }

    impl Default for UpdateFeaturesResponse<'_> {
        fn default() -> Self {
            Self {
                throttle_time_ms: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
                results: Default::default(),
            }
        }
    }

    impl<'a> Message<'a> for UpdateFeaturesResponse<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            if !(0..=2).contains(&v) {
                return Err(r.error(Fault::Version { version: v }));
            }
            let throttle_time_ms = r.i32()?;
            let error_code = r.i16()?;
            let error_message = r.string_or_null(true)?;
            let results = if v <= 1 {
                r.array(Form { version: v, flexible: true })?
            } else {
                Default::default()
            };
            r.skip_tags()?;
            Ok(Self { throttle_time_ms, error_code, error_message, results })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            w.i32(self.throttle_time_ms);
            w.i16(self.error_code);
            w.string_or_null(self.error_message.as_deref(), true);
            if v <= 1 {
                w.array(&self.results, Form { version: v, flexible: true });
            }
            w.tag_count(0);
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Results<'a> {
        /// Versions 0 to 1.
        pub feature: Str<'a>,
        /// Versions 0 to 1.
        pub error_code: i16,
        /// Versions 0 to 1.
        pub error_message: Option<Str<'a>>,
    }

    impl Default for Results<'_> {
        fn default() -> Self {
            Self {
                feature: Default::default(),
                error_code: Default::default(),
                error_message: Some(Default::default()),
            }
        }
    }

    impl<'a> Message<'a> for Results<'a> {
        fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
            let feature = if v <= 1 { r.string(true)? } else { Default::default() };
            let error_code = if v <= 1 { r.i16()? } else { Default::default() };
            let error_message =
                if v <= 1 { r.string_or_null(true)? } else { Some(Default::default()) };
            r.skip_tags()?;
            Ok(Self { feature, error_code, error_message })
        }

        fn encode(&self, w: &mut Writer, v: i16) {
            if v <= 1 {
                w.string(&self.feature, true);
            }
            if v <= 1 {
                w.i16(self.error_code);
            }
            if v <= 1 {
                w.string_or_null(self.error_message.as_deref(), true);
            }
            w.tag_count(0);
        }
    }
}
