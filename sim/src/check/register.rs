//! A value that is written and read concurrently: which values a read may give.
//!
//! Writes that were never answered may have taken effect at any time until the broker's
//! process ended. Pure.

/// One write; times are numbers of facts.
#[derive(Clone, Copy, Debug)]
struct Write {
    key: u64,
    value: i64,
    began: u64,
    /// When it had surely happened, if it did.
    ended: Option<u64>,
    answered: bool,
}

#[derive(Default)]
pub struct Register(Vec<Write>);

impl Register {
    pub fn begin(&mut self, key: u64, value: i64, now: u64) {
        self.0.push(Write { key, value, began: now, ended: None, answered: false });
    }

    pub fn end(&mut self, key: u64, now: u64) {
        if let Some(write) = self.0.iter_mut().rev().find(|write| write.key == key) {
            write.ended = Some(now);
            write.answered = true;
        }
    }

    /// The process is gone: what has not happened never will.
    pub fn cut(&mut self, now: u64) {
        self.0.iter_mut().for_each(|write| write.ended = write.ended.or(Some(now)));
    }

    /// Judges a read that began at `since`; `unset` is what a register gives that was never
    /// written.
    ///
    /// # Errors
    /// The last value that was certainly there when the read began.
    pub fn read(&mut self, since: u64, value: i64, unset: i64) -> Result<(), i64> {
        // The last answered write that began and ended before the read. What had ended before
        // that one began is overwritten.
        let sure = self.0.iter().filter(|w| w.answered && w.ended.is_some_and(|end| end < since));
        let Some(sure) = sure.max_by_key(|write| write.began).copied() else {
            let known = value == unset || self.0.iter().any(|write| write.value == value);
            return if known { Ok(()) } else { Err(unset) };
        };
        self.0.retain(|write| write.ended.is_none_or(|end| end >= sure.began));
        match self.0.iter().any(|write| write.value == value) {
            true => Ok(()),
            false => Err(sure.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answered_write_hides_those_that_had_ended_before_it() {
        let mut register = Register::default();
        register.begin(1, 10, 1);
        register.end(1, 2);
        register.begin(2, 20, 3);
        assert_eq!(register.read(4, 10, -1), Ok(()), "the second one is under way");
        assert_eq!(register.read(4, 20, -1), Ok(()));
        register.end(2, 5);
        assert_eq!(register.read(6, 20, -1), Ok(()));
        assert_eq!(register.read(6, 10, -1), Err(20));
        assert_eq!(register.read(6, -1, -1), Err(20));
    }

    #[test]
    fn an_unanswered_write_may_show_up_until_the_process_is_gone() {
        let mut register = Register::default();
        register.begin(1, 10, 1);
        register.begin(2, 20, 2);
        register.end(2, 3);
        assert_eq!(register.read(4, 10, -1), Ok(()));
        register.cut(5);
        register.begin(3, 30, 6);
        register.end(3, 7);
        assert_eq!(register.read(8, 10, -1), Err(30));
    }
}
