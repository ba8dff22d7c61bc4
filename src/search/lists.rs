//! Lists of numbers in printable characters: a script can hold them as they are, and a browser needs
//! nothing to unpack them.
//!
//! There are 93 signs: those of ASCII from the blank to the tilde, without `"` and `\`. The first sign
//! of a number says how many follow. Small numbers are one sign, and lists hold small ones: each number
//! but the first is told by its distance from the one before.

/// How many signs there are.
const SIGNS: u64 = 93;
/// How many first signs stand for numbers of one, two and three signs. The three that are left open
/// those of four, five and seven.
const ONE: u64 = 56;
const TWO: u64 = 27;
const THREE: u64 = 7;
/// The first numbers of two, three, four, five and seven signs.
const FROM_TWO: u64 = ONE;
const FROM_THREE: u64 = FROM_TWO + TWO * SIGNS;
const FROM_FOUR: u64 = FROM_THREE + THREE * SIGNS * SIGNS;
const FROM_FIVE: u64 = FROM_FOUR + SIGNS * SIGNS * SIGNS;
const FROM_SEVEN: u64 = FROM_FIVE + SIGNS * SIGNS * SIGNS * SIGNS;

/// Adds a sign, 0 to 92.
pub fn push_sign(list: &mut String, sign: u64) {
    // Below 93, so that it is always a byte.
    let sign = u8::try_from(sign % SIGNS).unwrap_or_default() + b' ';
    let sign = if sign < b'"' { sign } else { sign + 1 };
    list.push(char::from(if sign < b'\\' { sign } else { sign + 1 }));
}

/// Adds a number, below 646,990,183,449 (93 to the sixth).
pub fn push(list: &mut String, number: u64) {
    let (first, rest, signs) = if number < FROM_TWO {
        (number, 0, 0)
    } else if number < FROM_THREE {
        let rest = number - FROM_TWO;
        (ONE + rest / SIGNS, rest % SIGNS, 1)
    } else if number < FROM_FOUR {
        let rest = number - FROM_THREE;
        (ONE + TWO + rest / (SIGNS * SIGNS), rest % (SIGNS * SIGNS), 2)
    } else if number < FROM_FIVE {
        (ONE + TWO + THREE, number - FROM_FOUR, 3)
    } else if number < FROM_SEVEN {
        (ONE + TWO + THREE + 1, number - FROM_FIVE, 4)
    } else {
        (ONE + TWO + THREE + 2, number, 6)
    };
    push_sign(list, first);
    for place in (0..signs).rev() {
        push_sign(list, rest / SIGNS.pow(place));
    }
}

/// Reads numbers back, one by one.
#[derive(Clone, Debug)]
pub struct Numbers<'a>(std::str::Bytes<'a>);

impl<'a> Numbers<'a> {
    /// Reads a list from its beginning.
    pub fn of(list: &'a str) -> Self {
        Self(list.bytes())
    }

    /// Returns how many signs are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// Reads a single sign.
    pub fn sign(&mut self) -> Option<u64> {
        let sign = self.0.next()?;
        let sign = if sign > b'\\' { sign - 1 } else { sign };
        Some(u64::from((if sign > b'"' { sign - 1 } else { sign }) - b' '))
    }

    fn signs(&mut self, from: u64, count: usize) -> Option<u64> {
        (0..count).try_fold(from, |sum, _| Some(sum * SIGNS + self.sign()?))
    }
}

impl Iterator for Numbers<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let first = self.sign()?;
        if first < ONE {
            Some(first)
        } else if first < ONE + TWO {
            Some(FROM_TWO + self.signs(first - ONE, 1)?)
        } else if first < ONE + TWO + THREE {
            Some(FROM_THREE + self.signs(first - ONE - TWO, 2)?)
        } else if first == ONE + TWO + THREE {
            Some(FROM_FOUR + self.signs(0, 3)?)
        } else if first == ONE + TWO + THREE + 1 {
            Some(FROM_FIVE + self.signs(0, 4)?)
        } else {
            self.signs(0, 6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        let mut list = String::new();
        let edges = [FROM_TWO, FROM_THREE, FROM_FOUR, FROM_FIVE, FROM_SEVEN, 10_000_000_000];
        let numbers: Vec<u64> =
            (0..3000).chain(edges.iter().flat_map(|edge| edge - 2..edge + 2)).collect();
        for number in &numbers {
            push(&mut list, *number);
        }
        assert!(Numbers::of(&list).eq(numbers.iter().copied()));
        assert!(list.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\'));
    }

    #[test]
    fn small_numbers_are_short() {
        let length = |number| {
            let mut list = String::new();
            push(&mut list, number);
            list.len()
        };
        let numbers = [0, 55, 56, 2566, 2567, 63_109, 63_110, 867_466, 867_467, 75_000_000];
        assert_eq!(numbers.map(length), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }
}
