//! Arrays of messages: a view over validated bytes when decoded, a `Vec` when built.
//!
//! Decoding an array costs no memory: `Reader::array` walks the elements once and keeps their
//! bytes; iterating reads them again, by value. Built ones come from a `Vec` or an iterator.
//! Invariant: a view's bytes hold exactly `count` readable elements, so iterating cannot fail.

use std::fmt;

use crate::{Element, Form, Reader};

/// The elements of an array field.
#[derive(Clone)]
pub struct Array<'a, T>(Repr<'a, T>);

#[derive(Clone)]
enum Repr<'a, T> {
    View { bytes: &'a [u8], count: u32, form: Form },
    Built(Vec<T>),
}

impl<'a, T> Array<'a, T> {
    pub(crate) fn view(bytes: &'a [u8], count: u32, form: Form) -> Self {
        Array(Repr::View { bytes, count, form })
    }

    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::View { count, .. } => *count as usize,
            Repr::Built(elements) => elements.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a, T: Element<'a>> Array<'a, T> {
    /// Elements by value: read from the bytes, or cloned from the `Vec`.
    #[inline]
    pub fn iter(&self) -> Iter<'_, 'a, T> {
        Iter(match &self.0 {
            Repr::View { bytes, count, form } => {
                Cursor::View { reader: Reader::new(bytes), left: *count, form: *form }
            }
            Repr::Built(elements) => Cursor::Built(elements.iter()),
        })
    }

    /// All elements in a `Vec` of their own, for a caller that indexes or sorts.
    pub fn to_vec(&self) -> Vec<T>
    where
        T: Clone,
    {
        self.iter().collect()
    }

    /// Visits the elements by reference, for the encoder: built ones are not cloned.
    pub(crate) fn each(&self, mut visit: impl FnMut(&T)) {
        match &self.0 {
            Repr::View { bytes, count, form } => {
                let mut reader = Reader::new(bytes);
                for _ in 0..*count {
                    let Ok(element) = T::read(&mut reader, *form) else { return };
                    visit(&element);
                }
            }
            Repr::Built(elements) => elements.iter().for_each(visit),
        }
    }
}

/// Iterator over an [`Array`], yielding elements by value.
pub struct Iter<'s, 'a, T>(Cursor<'s, 'a, T>);

enum Cursor<'s, 'a, T> {
    View { reader: Reader<'a>, left: u32, form: Form },
    Built(std::slice::Iter<'s, T>),
}

impl<'a, T: Element<'a> + Clone> Iterator for Iter<'_, 'a, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Cursor::View { reader, left, form } => {
                *left = left.checked_sub(1)?;
                T::read(reader, *form).ok()
            }
            Cursor::Built(elements) => elements.next().cloned(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Cursor::View { left, .. } => *left as usize,
            Cursor::Built(elements) => elements.len(),
        };
        (left, Some(left))
    }
}

impl<'a, T: Element<'a> + Clone> ExactSizeIterator for Iter<'_, 'a, T> {}

impl<'s, 'a, T: Element<'a> + Clone> IntoIterator for &'s Array<'a, T> {
    type Item = T;
    type IntoIter = Iter<'s, 'a, T>;

    fn into_iter(self) -> Iter<'s, 'a, T> {
        self.iter()
    }
}

impl<T> Default for Array<'_, T> {
    fn default() -> Self {
        Array(Repr::View { bytes: &[], count: 0, form: Form::default() })
    }
}

impl<T> From<Vec<T>> for Array<'_, T> {
    fn from(elements: Vec<T>) -> Self {
        Array(Repr::Built(elements))
    }
}

impl<T> FromIterator<T> for Array<'_, T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Array(Repr::Built(elements.into_iter().collect()))
    }
}

impl<'a, T: Element<'a> + Clone + PartialEq> PartialEq for Array<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<'a, T: Element<'a> + Clone + fmt::Debug> fmt::Debug for Array<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
