//! Times that are no stamps, for they are those of an agenda: what is to come, among what was.

use super::hits::{Hit, minutes, step};
use crate::import::clock::{MIDNIGHT_MINUTES, SLIP_MINUTES};
use crate::import::lines::Line;

/// Drops the times of agendas: a list of rising times that a line ending in a colon leads in, after
/// which the clock comes back, or the dump ends.
pub(super) fn without_agendas(hits: Vec<Hit>, lines: &[Line]) -> Vec<Hit> {
    let hits = without_tight_agendas(hits, lines);
    let ups = hits.windows(2).filter_map(|pair| step(&pair[0].stamp, &pair[1].stamp));
    let oldest_first = ups.map(i64::signum).sum::<i64>() >= 0;
    let ends = list_ends(&hits, lines);
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut at = 0;
    while at < hits.len() {
        let last = kept.last().filter(|_| is_led_in(&hits[at], lines));
        if last.is_some_and(|last| is_agenda(&hits, at, ends[at], last, oldest_first)) {
            at = ends[at];
        } else {
            kept.push(hits[at].clone());
            at += 1;
        }
    }
    kept
}

/// Returns for each stamp the place behind the list of rising times that goes on from it. Items of a
/// list have words on their line, or no blank line between them.
fn list_ends(hits: &[Hit], lines: &[Line]) -> Vec<usize> {
    let goes_on = |pair: &[Hit]| {
        let worded = pair.iter().all(|hit| !hit.rest.is_empty());
        let near = || lines[pair[0].line + 1..pair[1].line].iter().all(|line| !line.is_blank());
        value(&pair[1]) > value(&pair[0]) && (worded || near())
    };
    let mut ends: Vec<usize> = (1..=hits.len()).collect();
    for at in (1..hits.len()).rev() {
        if goes_on(&hits[at - 1..=at]) {
            ends[at - 1] = ends[at];
        }
    }
    ends
}

/// How far a stamp lies behind the start of its day, or of all time, in minutes.
fn value(hit: &Hit) -> Option<i64> {
    minutes(&hit.stamp).map(|(minutes, _)| minutes)
}

/// Drops rising times at equal gaps below a line that ends in a colon, where what follows stands
/// further off and goes on as if they were not there: an agenda may lead in the entries, too.
fn without_tight_agendas(hits: Vec<Hit>, lines: &[Line]) -> Vec<Hit> {
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
    let outside = outside_of(&runs, hits.len());
    let others: Vec<&Hit> =
        hits.iter().zip(&outside).filter(|(_, outside)| **outside).map(|(hit, _)| hit).collect();
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
    let keep = outside_of(&runs, hits.len());
    hits.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(hit, _)| hit).collect()
}

/// For each of so many places, whether it is in none of the runs.
fn outside_of(runs: &[(usize, usize)], count: usize) -> Vec<bool> {
    let mut outside = vec![true; count];
    for (start, end) in runs {
        outside[*start..*end].fill(false);
    }
    outside
}

/// Whether the line above a stamp ends in a colon, and so leads it in.
fn is_led_in(hit: &Hit, lines: &[Line]) -> bool {
    let above = lines[..hit.line].iter().rev().find(|line| !line.is_blank());
    above.is_some_and(|line| line.text().ends_with(':'))
}

/// Whether a list of times is that of an agenda: what follows it lies well before its end, and goes
/// on from the entry before it.
fn is_agenda(hits: &[Hit], at: usize, end: usize, last: &Hit, oldest_first: bool) -> bool {
    if end - at < 2 {
        return false;
    }
    let Some(next) = hits.get(end) else { return !oldest_first };
    let back = value(&hits[end - 1]).zip(value(next)).map(|(end, next)| end - next);
    let goes_on =
        if oldest_first { value(next) >= value(last) } else { value(next) <= value(last) };
    goes_on && back.is_some_and(|back| back > SLIP_MINUTES)
}
