//! The words of stamps, in the languages that live blogs were seen in.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::Weekday;

use super::Cursor;

/// What stands before a time and belongs to it.
pub(super) const BEFORE: &[&str] = &[
    "ore", "ora", "le", "à", "a las", "a", "at", "um", "kl", "klo", "alle", "às", "godz", "saat",
    "pukul",
];
/// What else leads in a time: about.
const ABOUT: &[&str] = &["gegen", "vers", "circa", "around", "about"];
/// With what a page says when it was published.
pub(in crate::import) const PUBLISHED: &[&str] = &[
    "published",
    "first published",
    "originally published",
    "posted",
    "created",
    "publié",
    "veröffentlicht",
    "erstellt",
    "pubblicato",
    "publicado",
    "publicada",
    "gepubliceerd",
    "publicerad",
    "publisert",
    "opublikowano",
    "publikováno",
    "опубликовано",
    "yayınlanma",
];
/// With what a page says when it was changed.
pub(in crate::import) const UPDATED: &[&str] = &[
    "updated",
    "last updated",
    "page last updated",
    "last update",
    "latest update",
    "last modified",
    "aktualisiert",
    "zuletzt aktualisiert",
    "stand",
    "mis à jour",
    "mise à jour",
    "dernière mise à jour",
    "modifié",
    "aggiornato",
    "ultimo aggiornamento",
    "actualizado",
    "actualizada",
    "última actualización",
    "atualizado",
    "última atualização",
    "bijgewerkt",
    "laatste update",
    "uppdaterad",
    "oppdatert",
    "sist oppdatert",
    "opdateret",
    "aktualizacja",
    "aktualizováno",
    "обновлено",
    "güncelleme",
    "son güncelleme",
];
/// What stands between these words and the day or the clock.
const OF_PAGE: &[&str] = &[
    "on", "at", "am", "um", "vom", "le", "à", "il", "alle", "ore", "el", "a", "las", "em", "às",
    "op", "den", "o",
];
/// What stands between a date and a clock.
pub(super) const BETWEEN: &[&str] = &[
    "at", "à", "a las", "alle ore", "alle", "ore", "ora", "um", "às", "kl", "las", "om", "o", "of",
];
/// What stands behind the hours.
pub(super) const HOURS: &[&str] = &["uhr", "h", "hrs", "hs", "horas", "u", "uur", "hod"];
/// Units of time, by their names, in minutes.
const UNITS: &[(&[&str], i64)] = &[
    (&["seconds", "second", "secs", "sec", "sekunden", "segundos", "secondes", "secondi"], 0),
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

/// The name of a unit is no longer than this, in bytes.
const LONGEST_UNIT: usize = 10;
/// The words that say when a page was changed are no longer than this, in bytes.
const LONGEST_UPDATED: usize = 60;

/// The months' names: English, German, French, Italian, Spanish, Portuguese, Dutch. A shorter form
/// of at least three letters counts, too.
const MONTHS: [&str; 12] = [
    "january januar jänner janvier gennaio enero ene janeiro januari",
    "february februar février fevrier febbraio febrero fevereiro februari",
    "march märz maerz mars marzo março maart mrz",
    "april avril aprile abril avr",
    "may mai maggio mayo maio mei",
    "june juni juin giugno junio junho",
    "july juli juillet luglio julio julho juil",
    "august août aout agosto augustus",
    "september sept septembre settembre septiembre setiembre setembro",
    "october oktober octobre ottobre octubre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre dicembre diciembre dezembro",
];

/// The months' names in further languages, which count in full only: Polish, Czech, Slovak,
/// Romanian, Hungarian, Turkish, Swedish, Danish, Norwegian, Finnish, Indonesian, Catalan, Russian,
/// Ukrainian, Greek, Arabic.
const MORE_MONTHS: [&str; 12] = [
    "stycznia styczeń ledna januára ianuarie január ocak tammikuuta gener января январь січня \
     ιανουαρίου ιανουάριος يناير",
    "lutego luty února februára februarie február şubat helmikuuta febrer февраля февраль лютого \
     φεβρουαρίου φεβρουάριος فبراير",
    "marca marzec března martie március mart maaliskuuta maret març марта март березня μαρτίου \
     μάρτιος مارس",
    "kwietnia kwiecień dubna apríla aprilie április nisan huhtikuuta апреля апрель квітня απριλίου \
     απρίλιος أبريل",
    "maja maj května mája május mayıs toukokuuta maig мая май травня μαΐου μάιος مايو",
    "czerwca czerwiec června júna iunie június haziran kesäkuuta juny июня июнь червня ιουνίου \
     ιούνιος يونيو",
    "lipca lipiec července júla iulie július temmuz heinäkuuta juliol июля июль липня ιουλίου \
     ιούλιος يوليو",
    "sierpnia sierpień srpna augusta augusztus ağustos augusti elokuuta agustus agost августа \
     август серпня αυγούστου αύγουστος أغسطس",
    "września wrzesień září septembra septembrie szeptember eylül syyskuuta setembre сентября \
     сентябрь вересня σεπτεμβρίου σεπτέμβριος سبتمبر",
    "października październik října októbra octombrie október ekim lokakuuta октября октябрь \
     жовтня οκτωβρίου οκτώβριος أكتوبر",
    "listopada listopad listopadu novembra noiembrie kasım marraskuuta ноября ноябрь листопада \
     νοεμβρίου νοέμβριος نوفمبر",
    "grudnia grudzień prosince decembra decembrie aralık desember joulukuuta desembre декабря \
     декабрь грудня δεκεμβρίου δεκέμβριος ديسمبر",
];

/// The days of the week, from Monday on, in the same languages.
const WEEKDAYS: [&str; 7] = [
    "monday mon montag lundi lunedì lunes segunda-feira maandag måndag mandag maanantai dilluns \
     poniedziałek pondělí pondelok luni hétfő pazartesi senin понедельник понеділок δευτέρα الاثنين",
    "tuesday tue tues dienstag mardi martedì martes terça-feira dinsdag tisdag tirsdag tiistai \
     dimarts wtorek úterý utorok marți kedd salı selasa вторник вівторок τρίτη الثلاثاء",
    "wednesday wed mittwoch mercredi mercoledì miércoles quarta-feira woensdag onsdag keskiviikko \
     dimecres środa středa streda miercuri szerda çarşamba rabu среда середа τετάρτη الأربعاء",
    "thursday thu thurs donnerstag jeudi giovedì jueves quinta-feira donderdag torsdag torstai \
     dijous czwartek čtvrtek štvrtok joi csütörtök perşembe kamis четверг четвер πέμπτη الخميس",
    "friday fri freitag vendredi venerdì viernes sexta-feira vrijdag fredag perjantai divendres \
     piątek pátek piatok vineri péntek cuma jumat пятница пʼятниця παρασκευή الجمعة",
    "saturday sat samstag sonnabend samedi sabato sábado zaterdag lördag lørdag lauantai dissabte \
     sobota sâmbătă szombat cumartesi sabtu суббота субота σάββατο السبت",
    "sunday sun sonntag dimanche domenica domingo zondag söndag søndag sunnuntai diumenge \
     niedziela neděle nedeľa duminică vasárnap pazar minggu воскресенье неділя κυριακή الأحد",
];

/// The number of each month, 1 to 12, by its names in full.
static MONTH_NAMES: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let more = MORE_MONTHS.iter().zip(1..);
    let names = MONTHS.iter().zip(1..).chain(more);
    names.flat_map(|(names, number)| names.split(' ').map(move |name| (name, number))).collect()
});

/// The days of the week by their names.
static WEEKDAY_NAMES: LazyLock<HashMap<&str, Weekday>> = LazyLock::new(|| {
    let days = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()));
    let names = WEEKDAYS.iter().zip(days);
    names.flat_map(|(names, day)| names.split(' ').map(move |name| (name, day))).collect()
});

/// Words of stamps that have no three letters.
const SHORT: &[&str] = &["le", "a", "at", "um", "kl", "il"];

/// So many letters are told apart by [`place`], whatever their case.
const LETTERS: usize = 32;

/// The place of three letters in a table of all.
fn place(three: [u8; 3]) -> usize {
    three.iter().fold(0, |place, letter| place * LETTERS + usize::from(letter % 32))
}

/// Whether a stamp could begin here, by a glance at three letters: most words begin none.
pub(super) fn could_begin(text: &str) -> bool {
    /// For any three letters, whether a word of stamps begins with them.
    static BEGINNINGS: LazyLock<Vec<bool>> = LazyLock::new(|| {
        let others: &[&str] = &["vor", "hace", "noon", "midnight"];
        let words = MONTH_NAMES.keys().chain(WEEKDAY_NAMES.keys()).chain(BEFORE).chain(others);
        let mut found = vec![false; LETTERS.pow(3)];
        for three in words.filter_map(|word| word.as_bytes().first_chunk()) {
            found[place(*three)] = true;
        }
        found
    });
    let bytes = text.as_bytes();
    let letters = bytes.iter().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
    match (bytes.get(letters), bytes.first_chunk::<3>()) {
        (_, Some(three)) if letters == 3 => BEGINNINGS[place(*three)],
        // "3 May", "févr."
        (Some(next), _) if !next.is_ascii() => true,
        (Some(next), _) if letters == 0 => next.is_ascii_digit(),
        _ => SHORT.iter().any(|word| word.eq_ignore_ascii_case(&text[..letters])),
    }
}

/// Whether a text begins with a word that leads in a time: "At 3.10pm", "Gegen 15 Uhr".
pub(in crate::import) fn is_led_in(text: &str) -> bool {
    let mut words = BEFORE.iter().chain(ABOUT);
    let start = text.char_indices().nth(8).map_or(text, |(end, _)| &text[..end]).to_lowercase();
    words.any(|word| start.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '.'])))
}

/// Whether the words before a stamp say that it is the page's own: "Last updated on".
pub(in crate::import) fn is_of_page(before: &str) -> bool {
    let before = before.to_lowercase();
    let ends = |rest: &str| {
        let mut words = rest.split([' ', ':', '|', ',']).filter(|word| !word.is_empty());
        !rest.starts_with(char::is_alphabetic) && words.all(|word| OF_PAGE.contains(&word))
    };
    let mut names = [PUBLISHED, UPDATED, &["update", "modified"]].into_iter().flatten();
    names.any(|name| before.strip_prefix(name).is_some_and(ends))
}

/// Whether the words behind a stamp say when the page was changed: "Updated 3 May 10:15".
pub(in crate::import) fn says_updated(text: &str) -> bool {
    let short = text.len() <= LONGEST_UPDATED && text.bytes().any(|byte| byte.is_ascii_digit());
    let begins = |text: String| UPDATED.iter().any(|name| text.starts_with(name));
    short && begins(text.to_lowercase())
}

/// Returns the letters that a text begins with, a hyphen between letters among them.
fn letters(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphabetic() || c == '-')).unwrap_or(text.len());
    text[..end].trim_end_matches('-')
}

/// Returns the number of the month that a word names, 1 to 12.
pub(in crate::import) fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    let begins = |names: &&str| names.split(' ').any(|name| name.starts_with(&word));
    let short = || MONTHS.iter().zip(1..).find(|(names, _)| begins(names));
    let letters = word.chars().count();
    let short = || short().filter(|_| (3..=5).contains(&letters)).map(|(_, number)| number);
    MONTH_NAMES.get(word.as_str()).copied().or_else(short)
}

/// Reads the name of a unit of time, and returns its length in minutes.
pub(super) fn unit(cursor: &mut Cursor<'_>) -> Option<i64> {
    static LENGTHS: LazyLock<HashMap<&str, i64>> = LazyLock::new(|| {
        let named = |(names, length): &(&'static [&'static str], i64)| {
            let length = *length;
            names.iter().map(move |name| (*name, length))
        };
        UNITS.iter().flat_map(named).collect()
    });
    let rest = cursor.rest();
    let word = &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())];
    let length = LENGTHS.get(word).or_else(|| {
        // "3 Hours": hardly a stamp is written so.
        let capital = word.len() <= LONGEST_UNIT && word.starts_with(char::is_uppercase);
        capital.then(|| LENGTHS.get(word.to_lowercase().as_str()))?
    })?;
    cursor.at += word.len();
    Some(*length)
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
    let day = WEEKDAY_NAMES.get(word.to_lowercase().as_str()).copied()?;
    cursor.at += word.len();
    Some(day)
}
