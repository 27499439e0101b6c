//! What the handlers of the group APIs have in common: the owned values that travel to a
//! coordinator, and the bound on what one request may name.

use millstream_engine::group::{Identity, Text};
use millstream_engine::limits;
use millstream_wire::Str;

use super::Answer;

/// Counts what a request names, so that a small request cannot ask for a huge answer.
#[derive(Default)]
pub(super) struct Named(usize);

impl Named {
    /// Adds `count` items.
    ///
    /// # Errors
    /// The answer that closes the connection, over the limit.
    pub(super) fn add(&mut self, count: usize) -> Result<(), Answer> {
        self.0 = self.0.saturating_add(count);
        if self.0 <= limits::GROUP_REQUEST_ITEMS_MAX {
            return Ok(());
        }
        let most = limits::GROUP_REQUEST_ITEMS_MAX;
        Err(Answer::close(format!("the request names more than {most} items")))
    }
}

pub(super) fn optional(value: Option<&Str<'_>>) -> Option<Text> {
    value.map(|text| Text::from(&**text))
}

/// Who speaks, from the four fields that most requests have.
pub(super) fn identity(
    group: &str,
    member: &str,
    instance: Option<&Str<'_>>,
    generation: i32,
) -> Identity {
    let (group, member) = (Text::from(group), Text::from(member));
    Identity { group, member, instance: optional(instance), generation }
}
