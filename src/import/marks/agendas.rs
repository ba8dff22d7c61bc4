//! Times that are no stamps, for they are those of an agenda: what is to come, among what was.

use super::MIDNIGHT_MINUTES;
use super::hits::{Hit, minutes, step};
use crate::import::lines::Line;

/// Drops the times of agendas: a run that a line ending in a colon leads in, after which the clock
/// comes back.
pub(super) fn without_agendas(hits: Vec<Hit>, lines: &[Line]) -> Vec<Hit> {
    let hits = without_tight_agendas(hits, lines);
    let ups = hits.windows(2).filter_map(|pair| step(&pair[0].stamp, &pair[1].stamp));
    let oldest_first = ups.map(i64::signum).sum::<i64>() >= 0;
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut at = 0;
    while at < hits.len() {
        let end = agenda_end(&hits, at, kept.last(), lines, oldest_first);
        if end == at {
            kept.push(hits[at].clone());
            at += 1;
        } else {
            at = end;
        }
    }
    kept
}

/// Drops rising times at equal gaps below a line that ends in a colon, where what follows stands
/// further off and goes on as if they were not there: an agenda may lead in the entries, too.
fn without_tight_agendas(hits: Vec<Hit>, lines: &[Line]) -> Vec<Hit> {
    let value = |hit: &Hit| minutes(&hit.stamp).map(|(minutes, _)| minutes);
    let gap = |at: usize| Some(hits.get(at + 1)?.line - hits.get(at)?.line);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < hits.len() {
        let mut end = at + 1;
        if is_led_in(&hits[at], lines) {
            let rises = |end: usize| value(&hits[end]) > value(&hits[end - 1]);
            while end < hits.len() && gap(end - 1) == gap(at) && rises(end) {
                end += 1;
            }
            if end - at >= 2 && end < hits.len() && gap(end - 1) > gap(at) {
                runs.push((at, end));
            }
        }
        at = end;
    }
    let inside = |at: usize| runs.iter().any(|(start, end)| (*start..*end).contains(&at));
    let others: Vec<&Hit> =
        hits.iter().enumerate().filter(|(at, _)| !inside(*at)).map(|(_, hit)| hit).collect();
    let steps = others.windows(2).filter_map(|pair| step(&pair[0].stamp, &pair[1].stamp));
    let newest_first = steps.map(i64::signum).sum::<i64>() < 0;
    let is_agenda = |(start, end): &(usize, usize)| {
        let (next, last) = (value(&hits[*end]), value(&hits[end - 1]));
        let above = start.checked_sub(1).map(|above| value(&hits[above]));
        let back = last.zip(next).map(|(last, next)| last - next).unwrap_or_default();
        if newest_first {
            others.len() >= 2 && above.is_none_or(|above| next <= above)
        } else {
            (1..=MIDNIGHT_MINUTES).contains(&back) && above.is_none_or(|above| next >= above)
        }
    };
    runs.retain(is_agenda);
    let kept = |at: usize| !runs.iter().any(|(start, end)| (*start..*end).contains(&at));
    let keep: Vec<bool> = (0..hits.len()).map(kept).collect();
    hits.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(hit, _)| hit).collect()
}

/// Whether the line above a stamp ends in a colon, and so leads it in.
fn is_led_in(hit: &Hit, lines: &[Line]) -> bool {
    let above = lines[..hit.line].iter().rev().find(|line| !line.is_blank());
    above.is_some_and(|line| line.text().ends_with(':'))
}

/// Returns the place behind the agenda that begins at `at`, or `at` where none does.
fn agenda_end(
    hits: &[Hit],
    at: usize,
    last: Option<&Hit>,
    lines: &[Line],
    oldest_first: bool,
) -> usize {
    let Some(last) = last else { return at };
    if !is_led_in(&hits[at], lines) {
        return at;
    }
    let value = |hit: &Hit| minutes(&hit.stamp).map(|(minutes, _)| minutes);
    let mut end = at + 1;
    while end < hits.len() && value(&hits[end]) >= value(&hits[end - 1]) {
        end += 1;
    }
    // The run goes up; what follows it lies before its end again, and goes on from what was before.
    match hits.get(end) {
        Some(next) if oldest_first => {
            let goes_on = value(next) >= value(last) && value(next) < value(&hits[end - 1]);
            if goes_on { end } else { at }
        }
        Some(next) if end - at >= 2 && value(next) <= value(last) => end,
        None if !oldest_first && end - at >= 2 => end,
        _ => at,
    }
}
