//! `Event`: a flag that is set once and stays set; everybody waits for it at any time.

use std::cell::Cell;
use std::rc::Rc;

use super::Notify;

/// Clones share the same flag.
#[derive(Clone, Default)]
pub struct Event {
    set: Rc<Cell<bool>>,
    notify: Notify,
}

impl Event {
    pub fn new() -> Event {
        Event::default()
    }

    pub fn set(&self) {
        if !self.set.replace(true) {
            self.notify.notify_waiters();
        }
    }

    pub fn is_set(&self) -> bool {
        self.set.get()
    }

    pub async fn wait(&self) {
        while !self.is_set() {
            self.notify.notified().await;
        }
    }
}
