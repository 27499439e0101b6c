//! Where a panic happened, said to the harness instead of the terminal: a panic of the broker
//! is a finding of one seed, and other seeds run on other threads.

use std::cell::RefCell;
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static HUSHED: RefCell<bool> = const { RefCell::new(false) };
}

/// From now on panics of this thread are kept instead of printed.
pub fn hush() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if HUSHED.with(|hushed| *hushed.borrow()) {
                LAST.with(|last| last.borrow_mut().get_or_insert(info.to_string()).len());
            } else {
                before(info);
            }
        }));
    });
    HUSHED.with(|hushed| *hushed.borrow_mut() = true);
    LAST.with(|last| last.borrow_mut().take());
}

/// The first panic since `hush`, with its place; later ones on this thread are printed again.
pub fn take() -> Option<String> {
    HUSHED.with(|hushed| *hushed.borrow_mut() = false);
    LAST.with(|last| last.borrow_mut().take())
}
