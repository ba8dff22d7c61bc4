//! Tests of reading stamps.

use super::*;

fn read(text: &str) -> String {
    let Some((stamp, end)) = at_start(text) else { return "none".to_string() };
    let mut parts = vec![text[..end].to_string()];
    if let Some(date) = stamp.date {
        let year = date.year.map_or("?".to_string(), |year| year.to_string());
        let open = if date.numeric { "~" } else { "" };
        parts.push(format!("{year}-{}-{}{open}", date.month, date.day));
    }
    if let Some(clock) = stamp.clock {
        parts.push(clock.time.to_string());
    }
    if !stamp.zone.is_empty() {
        parts.push(stamp.zone);
    }
    if let Some(ago) = stamp.ago {
        parts.push(format!("{} min ago", ago.minutes));
    }
    if let Some(epoch) = stamp.epoch {
        parts.push(epoch.to_string());
    }
    parts.join("|")
}

#[test]
fn every_way_of_writing_a_stamp_is_read() {
    for (text, expected) in [
        ("8.43am: Rain", "8.43am|08:43:00"),
        ("10am: Rain", "10am|10:00:00"),
        ("12.05am", "12.05am|00:05:00"),
        ("11:43 pm – Rain", "11:43 pm|23:43:00"),
        ("8:40 p.m.: Rain", "8:40 p.m.|20:40:00"),
        ("11:28p.m Rain", "11:28p.m|23:28:00"),
        ("15:40 PM Rain", "15:40 PM|15:40:00"),
        ("02: 49 PM", "02: 49 PM|14:49:00"),
        ("2104: Rain", "2104|21:04:00"),
        ("2134 GMT: Rain", "2134 GMT|21:34:00|GMT"),
        ("23.00 Rain", "23.00|23:00:00"),
        ("23.00 h", "23.00 h|23:00:00"),
        ("22:25 Uhr | Rain", "22:25 Uhr|22:25:00"),
        ("21h - Rain", "21h|21:00:00"),
        ("5h37 : Rain", "5h37|05:37:00"),
        ("Ore 5.22 - Rain", "Ore 5.22|05:22:00"),
        ("Le 19/03 à 06:09", "Le 19/03 à 06:09|?-19-3~|06:09:00"),
        ("7.46 (2.46) Rain", "7.46 (2.46)|07:46:00"),
        ("5.35pm GMT", "5.35pm GMT|17:35:00|GMT"),
        ("2 May 2021, 08:56 AM", "2 May 2021, 08:56 AM|2021-5-2|08:56:00"),
        ("10/22/2013 5:00:03 PMNow", "10/22/2013 5:00:03 PM|2013-10-22~|17:00:03"),
        ("19:18 19.2.2014", "19:18 19.2.2014|2014-2-19|19:18:00"),
        ("6:31 p.m. ET, January 6, 2021", "6:31 p.m. ET, January 6, 2021|2021-1-6|18:31:00|ET"),
        (
            "Oct. 13, 2022, 6:49 p.m. ET46 minutes ago",
            "Oct. 13, 2022, 6:49 p.m. ET|2022-10-13|18:49:00|ET",
        ),
        (
            "September 30, 2020 at 12:00 AM EDT",
            "September 30, 2020 at 12:00 AM EDT|2020-9-30|00:00:00|EDT",
        ),
        (
            "12:38 Greenwich Mean Time 22 March 2016",
            "12:38 Greenwich Mean Time 22 March 2016|2016-3-22|12:38:00|Greenwich Mean Time",
        ),
        ("November 16, 201512:04 am", "November 16, 201512:04 am|2015-11-16|00:04:00"),
        ("20 July 2024 08:00", "20 July 2024 08:00|2024-7-20|08:00:00"),
        ("21 January 2019", "21 January 2019|2019-1-21"),
        ("18 marzo 2020 - 07:15", "18 marzo 2020 - 07:15|2020-3-18|07:15:00"),
        ("11:13 p.m. EST March 3: Rain", "11:13 p.m. EST March 3|?-3-3|23:13:00|EST"),
        ("2031-04-02T05:40:00Z", "2031-04-02T05:40:00Z|2031-4-2|05:40:00|Z"),
        ("3 hr 6 min ago", "3 hr 6 min ago|186 min ago"),
        ("1 month ago", "1 month ago|43200 min ago"),
        ("vor 5 Minuten", "vor 5 Minuten|5 min ago"),
        ("il y a 3 h", "il y a 3 h|180 min ago"),
        ("1721458800", "1721458800|1721458800"),
        ("Thursday 4.15pm: Rain", "Thursday 4.15pm|?-0-0|16:15:00"),
        ("Friday 4 Feb 2011", "Friday 4 Feb 2011|2011-2-4"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_stamp_is_none() {
    for text in [
        "",
        "Rain",
        "21.482 people",
        "8.213,5",
        "10.15% of",
        "25:00",
        "13:61",
        "3 May was wet",
        "10 people",
        "2014 was a year",
        "8 a man",
        "1234567",
        "May 2031",
        "Monday was wet",
        "19th over",
        "5 minutes later",
        "11-hour pauses",
        "Sun shines",
        "3-1",
        "21 tonnes",
        "129 people died",
    ] {
        assert_eq!(read(text), "none", "{text}");
    }
}

#[test]
fn numbers_have_an_order_only_where_it_is_certain() {
    let day = |text: &str, first| {
        let date = whole(text).unwrap().date.unwrap();
        date.in_year(date.year.unwrap(), first).map(|day| day.to_string())
    };
    assert_eq!(day("10/22/2013 5:00 PM", None).as_deref(), Some("2013-10-22"));
    assert_eq!(day("22/10/2013 5:00 PM", None).as_deref(), Some("2013-10-22"));
    assert_eq!(day("06/02/2023 05:00", None), None);
    assert_eq!(day("06/02/2023 05:00", Some(true)).as_deref(), Some("2023-02-06"));
    assert_eq!(day("06/02/2023 05:00", Some(false)).as_deref(), Some("2023-06-02"));
}

#[test]
fn a_second_clock_names_its_zone_and_noon_has_no_digits() {
    let clock = |text: &str| {
        let (stamp, end) = at_start(text)?;
        Some((stamp.clock?.time.to_string(), text[end..].to_string()))
    };
    let found = |time: &str, rest: &str| Some((time.to_string(), rest.to_string()));
    assert_eq!(clock("3.15pm (11.15am ET): The"), found("15:15:00", ": The"));
    assert_eq!(clock("noon"), found("12:00:00", ""));
    assert_eq!(clock("midnight: Rain"), found("00:00:00", ": Rain"));
    assert_eq!(clock("noonday"), None);
}

#[test]
fn a_day_of_the_week_that_closes_a_sentence_is_no_part_of_a_stamp() {
    assert_eq!(whole("Thursday. 2134 GMT"), None);
    assert!(whole("Thursday 2134 GMT").is_some());
    assert!(whole("Thu. 4.15pm").is_some());
    assert!(is_weekday("Thursday") && is_weekday("Thursday:") && !is_weekday("Thursday week"));
}

#[test]
fn months_and_days_are_read_in_many_languages() {
    for (text, expected) in [
        ("2 kwietnia 2031", "2 kwietnia 2031|2031-4-2"),
        ("2 Nisan 2031 Çarşamba", "2 Nisan 2031 Çarşamba|2031-4-2"),
        ("Τετάρτη 2 Απριλίου 2031", "Τετάρτη 2 Απριλίου 2031|2031-4-2"),
        ("2 أبريل 2031", "2 أبريل 2031|2031-4-2"),
        ("среда, 2 апреля 2031", "среда, 2 апреля 2031|2031-4-2"),
        ("onsdag 2 april 2031", "onsdag 2 april 2031|2031-4-2"),
        ("2 April 2031 Sunday opening", "2 April 2031|2031-4-2"),
        ("5 dakika önce", "5 dakika önce|5 min ago"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}
