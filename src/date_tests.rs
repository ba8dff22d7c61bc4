use super::*;

fn when(text: &str) -> When {
    When::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn dates_are_said_as_people_say_them() {
    for (written, words) in [
        ("1969-07-20T21:17:40+01:00", "Sunday 20 July 1969"),
        ("1969-07-20", "Sunday 20 July 1969"),
        ("1969-07", "July 1969"),
        ("1969", "1969"),
        ("2031-04~", "about April 2031"),
        ("2031-04?", "April 2031, uncertain"),
        ("2031-04-02%", "about Wednesday 2 April 2031, uncertain"),
        ("2031-04-XX", "April 2031, day unknown"),
        ("2031-XX", "2031, month unknown"),
        ("196X", "the 1960s"),
        ("2031-21", "spring 2031"),
        ("2031-04-01/2031-04-03", "Tuesday 1 April 2031 to Thursday 3 April 2031"),
        ("2031-04/..", "April 2031 or later"),
        ("../2031-04", "April 2031 or earlier"),
        ("2031-04/", "from April 2031, end unknown"),
        ("/2031-04", "until April 2031, start unknown"),
        ("2031?", "2031, uncertain"),
        ("2031-04%", "about April 2031, uncertain"),
        ("2031-04-02~", "about Wednesday 2 April 2031"),
        ("2031-XX-XX", "2031, month and day unknown"),
        ("20XX", "the years 2000 to 2099"),
        ("2031-24~", "about winter 2031"),
        ("2031-04~/2031-06?", "about April 2031 to June 2031, uncertain"),
        ("2031-21/2031-22", "spring 2031 to summer 2031"),
    ] {
        assert_eq!(when(written).words(Words::english()), words, "{written}");
    }
    assert_eq!(When::Unknown.words(Words::english()), "day unknown");
}

#[test]
fn what_is_written_is_kept() {
    for written in ["1969-07-20T21:17:40+01:00", "1969-07-20", "1969-07~", "196X", "1969-07-XX"] {
        assert_eq!(when(written).written(), written);
    }
}

#[test]
fn the_day_is_the_day_in_the_entrys_own_zone() {
    assert_eq!(when("1969-07-21T00:30:00+01:00").day(), Some(day("1969-07-21")));
    assert_eq!(when("1969-07-20T23:30:00-05:00").day(), Some(day("1969-07-20")));
    assert_eq!(when("1969-07").day(), None);
}

#[test]
fn a_date_is_filed_under_what_it_names_and_no_more() {
    let july = Shelf::Month(Month { year: 1969, month: 7 });
    assert_eq!(when("1969-07-20").shelves(), [Shelf::Day(day("1969-07-20"))]);
    assert_eq!(when("1969-07-XX").shelves(), [july]);
    assert_eq!(when("1969-07~").shelves(), [july]);
    assert_eq!(when("1969").shelves(), [Shelf::Year(1969)]);
    assert_eq!(when("196X").shelves(), when("1960/1969").shelves());
    assert_eq!(when("19XX").shelves(), []);
    for (same, other) in [
        ("1969-07-20?", "1969-07-20"),
        ("1969-07-20%", "1969-07-20"),
        ("1969-07?", "1969-07"),
        ("1969~", "1969"),
        ("1969-XX", "1969"),
        ("1969-XX-XX", "1969"),
        ("1969-22", "1969"),
        ("1969-22~", "1969"),
        ("1969-07-20/..", "1969-07-20"),
        ("1969-07-20/", "1969-07-20"),
        ("../1969-07-20", "1969-07-20"),
        ("/1969-07-20", "1969-07-20"),
        ("1969-21/1969-23", "1969"),
        ("1969-07-16~/1969-07-18?", "1969-07-16/1969-07-18"),
    ] {
        assert_eq!(when(same).shelves(), when(other).shelves(), "{same}");
    }
    assert_eq!(when("1969-07-16/1969-07-24").shelves().len(), 9);
    assert_eq!(when("1969-07-16/1969-09-24").shelves().len(), 3);
    assert_eq!(when("1960/1969").shelves().len(), 10);
    assert_eq!(when("1969-07/..").shelves(), [july]);
    assert_eq!(When::Unknown.shelves(), []);
}

#[test]
fn dates_are_sorted_by_their_earliest_moment() {
    for (written, earliest) in [
        ("1969", "1969-01-01"),
        ("1969~", "1969-01-01"),
        ("1969-07?", "1969-07-01"),
        ("1969-07-20%", "1969-07-20"),
        ("1969-XX", "1969-01-01"),
        ("1969-07-XX", "1969-07-01"),
        ("196X", "1960-01-01"),
        ("19XX", "1900-01-01"),
        ("1969-21", "1969-03-01"),
        ("1969-22", "1969-06-01"),
        ("1969-23", "1969-09-01"),
        ("1969-24", "1969-12-01"),
        ("1969-07-16/1969-07-24", "1969-07-16"),
        ("1969-07/..", "1969-07-01"),
        ("1969-07/", "1969-07-01"),
        ("../1969-07", "1969-07-01"),
        ("/1969-07-20", "1969-07-20"),
    ] {
        let moment = when(written).earliest().map(|moment| moment.date());
        assert_eq!(moment, Some(day(earliest)), "{written}");
    }
    assert_eq!(When::Unknown.earliest(), None);
}

#[test]
fn an_offset_is_said_as_people_write_it() {
    assert_eq!(when("1969-07-20T21:17:00+00:00").offset_words().unwrap(), "UTC");
    assert_eq!(when("1969-07-20T21:17:00+01:00").offset_words().unwrap(), "UTC+1");
    assert_eq!(when("1969-07-20T21:17:00-03:30").offset_words().unwrap(), "UTC\u{2212}3:30");
}

#[test]
fn what_is_no_date_is_refused_with_what_was_expected() {
    for bad in ["yesterday", "2031-13", "2031-02-30", "2031-04-02T05:40:00", "{2031,2032}", ""] {
        let message = When::parse(bad).unwrap_err();
        assert!(message.contains("expected"), "{bad}: {message}");
    }
    assert!(When::parse(&"2".repeat(99)).unwrap_err().contains("99 characters"));
}

#[test]
fn spans_are_as_short_as_they_can_be() {
    assert_eq!(
        span_words(day("1969-07-16"), day("1969-07-24"), Words::english()),
        "16 to 24 July 1969"
    );
    assert_eq!(
        span_words(day("1969-06-16"), day("1969-07-24"), Words::english()),
        "16 June to 24 July 1969"
    );
    assert_eq!(span_words(day("1969-07-16"), day("1969-07-16"), Words::english()), "16 July 1969");
}
