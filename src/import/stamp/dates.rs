//! Dates within stamps.

use chrono::Weekday;

use super::{Cursor, Partial, words};

impl Cursor<'_> {
    /// Reads a date: `Thursday 2 April 2031`, `2.4.2031`, `Thursday (2 April`.
    pub(super) fn date(&mut self) -> Option<Partial> {
        self.or_back(Self::date_parts)
    }

    fn date_parts(&mut self) -> Option<Partial> {
        let start = self.at;
        let weekday = words::weekday(self);
        if weekday.is_some() {
            // "Thu." is short for it; behind "Thursday." another sentence begins.
            let _ = self.at - start <= 5 && self.eat('.');
            let _ = (self.spaces(), self.eat(','), self.spaces(), self.eat('('));
            let _ = self.word(&["the", "den", "le", "el"]) && self.spaces();
        }
        let before = self.at;
        let date = self.counted_date();
        self.at = if date.is_some() { self.at } else { before };
        let date = date.or_else(|| self.numeric_date()).or_else(|| {
            self.at = before;
            self.named_date()
        });
        match (date, weekday) {
            (Some(date), Some(_)) => Some(Partial { weekday, ..date }),
            (Some(date), None) => Some(Partial { weekday: self.weekday_behind(), ..date }),
            // "Thursday 4.15pm": a day of the week needs its clock to be a stamp.
            (None, Some(_)) => {
                self.at = before;
                let clock = self.clock().is_some();
                self.at = if clock { before } else { start };
                clock.then_some(Partial { weekday, ..Partial::default() })
            }
            (None, None) => None,
        }
    }

    /// `2 Nisan 2031 Çarşamba`: the day of the week may close the line, or come before the clock.
    fn weekday_behind(&mut self) -> Option<Weekday> {
        let start = self.at;
        let _ = (self.spaces(), self.eat(','), self.spaces());
        let weekday = words::weekday(self);
        let rest = self.rest().trim_start_matches([',', ' ']);
        if weekday.is_none() || !(rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.at = start;
            return None;
        }
        weekday
    }

    /// `2031年4月2日`, `4월 2일`.
    fn counted_date(&mut self) -> Option<Partial> {
        let mut year = None;
        let mut number = self.number(1, 4)?;
        if self.word_part(&["年", "년"]) {
            self.spaces();
            year = i32::try_from(number).ok();
            number = self.number(1, 2)?;
        }
        let month = self.word_part(&["月", "월"]).then_some(number)?;
        self.spaces();
        let day = self.number(1, 2).filter(|_| self.word_part(&["日", "일"]))?;
        let date = Partial { year, month, day, ..Partial::default() };
        date.in_year(year.unwrap_or(2000), None).map(|_| date)
    }

    /// `2031-04-02`, `2.4.2031`, `4/2/2031`, `2/4`.
    fn numeric_date(&mut self) -> Option<Partial> {
        let run = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if run == 4 {
            let year = i32::try_from(self.number(4, 4)?).ok()?;
            let part = self.peek().filter(|c| matches!(c, '-' | '/' | '.'))?;
            self.eat(part);
            let month = self.number(1, 2)?;
            let day = if self.eat(part) { self.number(1, 2)? } else { return None };
            let date = Partial { year: Some(year), month, day, ..Partial::default() };
            return date.in_year(year, None).map(|_| date);
        }
        let first = self.number(1, 2)?;
        let part = self.peek().filter(|c| matches!(c, '-' | '/' | '.'))?;
        self.eat(part);
        // "29. 9. 2031", but not "1. 06.40"
        let spaced = part == '.' && self.spaces();
        let second = self.number(1, 2)?;
        let before = self.at;
        let next = self.eat(part) && self.spaces() == spaced;
        let year = if next { self.year() } else { None };
        if year.is_none() {
            self.at = before;
            if part != '/' {
                return None;
            }
        }
        let plausible = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
        if !plausible(first, second) && !plausible(second, first) {
            return None;
        }
        // Dots are only written with the day first.
        let (month, day) = if part == '.' { (second, first) } else { (first, second) };
        Some(Partial { year, month, day, numeric: part != '.', weekday: None })
    }

    /// A year of four digits, or of two behind an apostrophe or a separator; a clock may be glued
    /// behind four.
    fn year(&mut self) -> Option<i32> {
        let run = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let year = match run {
            2 => 2000 + i32::try_from(self.number(2, 2)?).ok()?,
            4.. => i32::try_from(self.digits(4, 4)?).ok()?,
            _ => return None,
        };
        (1990..2100).contains(&year).then_some(year)
    }

    /// `2 April 2031`, `2nd of April`, `April 2, 2031`, `2 avril 2031`, `2 de abril de 2031`.
    fn named_date(&mut self) -> Option<Partial> {
        let mut date = Partial::default();
        if let Some(day) = self.number(1, 2) {
            date.day = day;
            let _ = self.word(&["st", "nd", "rd", "th", "er"]) || self.eat('.') || self.eat('º');
            let _ = (self.spaces(), self.word(&["of", "de", "di"]), self.spaces());
            date.month = words::month(self)?;
        } else {
            date.month = words::month(self)?;
            self.eat('.');
            self.spaces();
            date.day = self.number(1, 2)?;
            let _ = self.word(&["st", "nd", "rd", "th"]);
        }
        let before = self.at;
        self.eat('.');
        let _ = (self.eat(','), self.spaces());
        let _ = self.word(&["de", "del"]) && self.spaces();
        let run = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        date.year = if run >= 4 { self.year() } else { None };
        if date.year.is_none() {
            self.at = before;
        }
        (1..=31).contains(&date.day).then_some(date)
    }
}
