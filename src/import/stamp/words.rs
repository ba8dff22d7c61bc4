//! The words of stamps, in the languages that live blogs were seen in.

use std::sync::LazyLock;

use chrono::Weekday;

use super::Cursor;

/// What stands before a time and belongs to it.
pub(super) const BEFORE: &[&str] = &["ore", "ora", "le", "à", "a", "at", "um", "kl", "klo", "alle"];
/// What stands between a date and a clock.
pub(super) const BETWEEN: &[&str] =
    &["at", "à", "a las", "alle ore", "alle", "ore", "um", "às", "kl", "las", "om", "o", "of"];
/// What stands behind the hours.
pub(super) const HOURS: &[&str] = &["uhr", "h", "hrs", "hs", "u", "uur"];
/// Units of time, by their names, in minutes.
pub(super) const UNITS: &[(&[&str], i64)] = &[
    (
        &[
            "minutes", "minute", "mins", "min", "minuten", "minutos", "minuti", "minuut",
            "minuter", "minutter", "minut", "dakika", "m",
        ],
        1,
    ),
    (
        &[
            "hours", "hour", "hrs", "hr", "h", "stunden", "stunde", "heures", "heure", "horas",
            "hora", "ore", "ora", "uur", "timmar", "timer", "godziny", "godzin", "saat",
        ],
        60,
    ),
    (
        &["days", "day", "d", "tagen", "tag", "tage", "jours", "jour", "días", "día", "giorni"],
        24 * 60,
    ),
    (&["weeks", "week", "w", "wochen", "woche", "semaines", "semaine", "semanas"], 7 * 24 * 60),
    (&["months", "month", "mo", "monaten", "monat", "mois", "meses", "mes"], 30 * 24 * 60),
    (&["years", "year", "yr", "yrs", "jahren", "jahr", "ans", "an", "años", "año"], 365 * 24 * 60),
];

/// The months' names: English, German, French, Italian, Spanish, Portuguese, Dutch. A shorter form
/// of at least three letters counts, too.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "gennaio", "enero", "ene", "janeiro", "januari"],
    &["february", "februar", "février", "fevrier", "febbraio", "febrero", "fevereiro", "februari"],
    &["march", "märz", "maerz", "mars", "marzo", "março", "maart", "mrz"],
    &["april", "avril", "aprile", "abril", "avr"],
    &["may", "mai", "maggio", "mayo", "maio", "mei"],
    &["june", "juni", "juin", "giugno", "junio", "junho"],
    &["july", "juli", "juillet", "luglio", "julio", "julho", "juil"],
    &["august", "août", "aout", "agosto", "augustus"],
    &["september", "sept", "septembre", "settembre", "septiembre", "setiembre", "setembro"],
    &["october", "oktober", "octobre", "ottobre", "octubre", "outubro"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "décembre", "decembre", "dicembre", "diciembre", "dezembro"],
];

/// The months' names in further languages, which count in full only: Polish, Turkish, Swedish,
/// Danish, Norwegian, Russian, Greek, Arabic.
const MORE_MONTHS: [&[&str]; 12] = [
    &["stycznia", "styczeń", "ocak", "января", "январь", "ιανουαρίου", "ιανουάριος", "يناير"],
    &["lutego", "luty", "şubat", "февраля", "февраль", "φεβρουαρίου", "φεβρουάριος", "فبراير"],
    &["marca", "marzec", "mart", "марта", "март", "μαρτίου", "μάρτιος", "مارس"],
    &["kwietnia", "kwiecień", "nisan", "апреля", "апрель", "απριλίου", "απρίλιος", "أبريل"],
    &["maja", "maj", "mayıs", "мая", "май", "μαΐου", "μάιος", "مايو"],
    &["czerwca", "czerwiec", "haziran", "июня", "июнь", "ιουνίου", "ιούνιος", "يونيو"],
    &["lipca", "lipiec", "temmuz", "июля", "июль", "ιουλίου", "ιούλιος", "يوليو"],
    &[
        "sierpnia",
        "sierpień",
        "ağustos",
        "augusti",
        "августа",
        "август",
        "αυγούστου",
        "αύγουστος",
        "أغسطس",
    ],
    &[
        "września",
        "wrzesień",
        "eylül",
        "сентября",
        "сентябрь",
        "σεπτεμβρίου",
        "σεπτέμβριος",
        "سبتمبر",
    ],
    &[
        "października",
        "październik",
        "ekim",
        "октября",
        "октябрь",
        "οκτωβρίου",
        "οκτώβριος",
        "أكتوبر",
    ],
    &["listopada", "listopad", "kasım", "ноября", "ноябрь", "νοεμβρίου", "νοέμβριος", "نوفمبر"],
    &[
        "grudnia",
        "grudzień",
        "aralık",
        "desember",
        "декабря",
        "декабрь",
        "δεκεμβρίου",
        "δεκέμβριος",
        "ديسمبر",
    ],
];

/// The days of the week, from Monday on, in the same languages.
const WEEKDAYS: [&[&str]; 7] = [
    &[
        "monday",
        "poniedziałek",
        "pazartesi",
        "måndag",
        "mandag",
        "понедельник",
        "δευτέρα",
        "الاثنين",
        "montag",
        "lundi",
        "lunedì",
        "lunes",
        "segunda-feira",
        "maandag",
        "mon",
    ],
    &[
        "tuesday",
        "wtorek",
        "salı",
        "tisdag",
        "tirsdag",
        "вторник",
        "τρίτη",
        "الثلاثاء",
        "dienstag",
        "mardi",
        "martedì",
        "martes",
        "terça-feira",
        "dinsdag",
        "tue",
        "tues",
    ],
    &[
        "wednesday",
        "środa",
        "çarşamba",
        "onsdag",
        "среда",
        "τετάρτη",
        "الأربعاء",
        "mittwoch",
        "mercredi",
        "mercoledì",
        "miércoles",
        "quarta-feira",
        "woensdag",
        "wed",
    ],
    &[
        "thursday",
        "czwartek",
        "perşembe",
        "torsdag",
        "четверг",
        "πέμπτη",
        "الخميس",
        "donnerstag",
        "jeudi",
        "giovedì",
        "jueves",
        "quinta-feira",
        "donderdag",
        "thu",
        "thurs",
    ],
    &[
        "friday",
        "piątek",
        "cuma",
        "fredag",
        "пятница",
        "παρασκευή",
        "الجمعة",
        "freitag",
        "vendredi",
        "venerdì",
        "viernes",
        "sexta-feira",
        "vrijdag",
        "fri",
    ],
    &[
        "saturday",
        "sobota",
        "cumartesi",
        "lördag",
        "lørdag",
        "суббота",
        "σάββατο",
        "السبت",
        "samstag",
        "sonnabend",
        "samedi",
        "sabato",
        "sábado",
        "zaterdag",
        "sat",
    ],
    &[
        "sunday",
        "niedziela",
        "pazar",
        "söndag",
        "søndag",
        "воскресенье",
        "κυριακή",
        "الأحد",
        "sonntag",
        "dimanche",
        "domenica",
        "domingo",
        "zondag",
        "sun",
    ],
];

const DAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// So many letters are told apart by [`place`], whatever their case.
const LETTERS: usize = 32;

/// The place of three letters in a table of all.
fn place(three: &[u8; 3]) -> usize {
    three.iter().fold(0, |place, letter| place * LETTERS + usize::from(letter % 32))
}

/// Whether a stamp could begin here, by a glance at three letters: most words begin none.
pub(super) fn could_begin(text: &str) -> bool {
    /// For any three letters, whether a word of stamps begins with them.
    static BEGINNINGS: LazyLock<Vec<bool>> = LazyLock::new(|| {
        let others: &[&str] = &["vor", "hace", "noon", "midnight"];
        let months = MONTHS.iter().chain(&MORE_MONTHS).copied();
        let words = months.chain(WEEKDAYS.iter().copied()).chain([BEFORE, others]).flatten();
        let mut found = vec![false; LETTERS.pow(3)];
        for three in words.filter_map(|word| word.as_bytes().first_chunk()) {
            found[place(three)] = true;
        }
        found
    });
    let letters = text.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    match (text.bytes().next(), text.as_bytes().first_chunk::<3>()) {
        (Some(first), _) if first.is_ascii_digit() || !first.is_ascii() => true,
        (_, Some(three)) if letters == 3 => BEGINNINGS[place(three)],
        // A shorter word, or one with a letter that is not ASCII.
        _ => letters > 0,
    }
}

/// Returns the letters that a text begins with, a hyphen between letters among them.
fn letters(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphabetic() || c == '-')).unwrap_or(text.len());
    text[..end].trim_end_matches('-')
}

/// Returns the number of the month that a word names, 1 to 12.
pub(in crate::import) fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    let short = word.chars().count() >= 3;
    let named =
        |names: &[&str]| names.iter().any(|n| *n == word || (short && n.starts_with(&word)));
    let exact = |names: &[&str]| names.contains(&word.as_str());
    let more = || MORE_MONTHS.iter().position(|names| exact(names));
    let at = MONTHS.iter().position(|names| exact(names)).or_else(more).or_else(|| {
        MONTHS.iter().position(|names| named(names)).filter(|_| word.chars().count() <= 5)
    })?;
    u32::try_from(at + 1).ok()
}

/// Reads the name of a month.
pub(super) fn month(cursor: &mut Cursor<'_>) -> Option<u32> {
    if !could_begin(cursor.rest()) {
        return None;
    }
    let word = letters(cursor.rest());
    if !(3..=12).contains(&word.chars().count()) {
        return None;
    }
    let month = month_number(word)?;
    cursor.at += word.len();
    Some(month)
}

/// Reads the name of a day of the week.
pub(super) fn weekday(cursor: &mut Cursor<'_>) -> Option<Weekday> {
    if !could_begin(cursor.rest()) {
        return None;
    }
    let word = letters(cursor.rest());
    if !(3..=14).contains(&word.chars().count()) {
        return None;
    }
    let lower = word.to_lowercase();
    let at = WEEKDAYS.iter().position(|names| names.contains(&lower.as_str()))?;
    cursor.at += word.len();
    DAYS.get(at).copied()
}
