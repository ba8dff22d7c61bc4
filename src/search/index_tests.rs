use super::*;
use crate::search::lists::Numbers;

/// An index of texts, numbered 10, 20, and so on; a text may hold a title before `|` and notes behind
/// `#`.
fn made(texts: &[String]) -> Index {
    let numbers: Vec<u64> = (1..=texts.len() as u64).map(|n| n * 10).collect();
    let text = |at: usize| {
        let (rest, notes) = texts[at].split_once('#').unwrap_or((&texts[at], ""));
        let (title, words) = rest.split_once('|').unwrap_or(("", rest));
        Text { title: title.into(), words: words.into(), notes: notes.into() }
    };
    index(&numbers, "en", text, |at| {
        vec![(format!("@story/{}", at % 2), format!("Story {}", at % 2))]
    })
}

fn few(texts: &[&str]) -> Index {
    made(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn form<'a>(index: &'a Index, word: &str) -> &'a Form {
    let mut forms = index.groups.iter().flat_map(|group| &group.forms);
    forms.find(|form| form.word == word).unwrap_or_else(|| panic!("{word}"))
}

/// The entries of a list, with what the word weighs.
fn entries(list: &List) -> Vec<(u64, u64)> {
    let whole = [list.entries.as_str()];
    let texts: Vec<&str> = if list.parts.is_empty() {
        whole.to_vec()
    } else {
        list.parts.iter().map(|part| part.entries.as_str()).collect()
    };
    let mut found = Vec::new();
    for text in texts {
        let mut number = 0;
        for value in Numbers::of(text) {
            number += value / 4;
            found.push((number, value % 4));
        }
    }
    found
}

#[test]
fn a_word_is_in_its_entries_and_weighs_more_in_titles() {
    let index = few(&["Dam|The dam", "gates gates gates", "Gates and dam dam", "#dam"]);
    assert_eq!(entries(&form(&index, "dam").lists[0]), [(10, 3), (30, 1)]);
    assert_eq!(entries(&form(&index, "gates").lists[0]), [(20, 2), (30, 0)]);
    assert_eq!(entries(&form(&index, "dam").lists[1]), [(40, 0)]);
    assert_eq!(entries(&form(&index, "Story 1").lists[0]), [(20, 0), (40, 0)]);
}

#[test]
fn forms_of_a_word_are_together_and_lost_endings_known() {
    let index = few(&["rescued rescues rescue waited walked talked", "Häuser"]);
    let group = index.groups.iter().find(|group| group.stem == "rescu").unwrap();
    let forms: Vec<&str> = group.forms.iter().map(|form| form.word.as_str()).collect();
    assert_eq!(forms, ["rescue", "rescued", "rescues"]);
    assert_eq!(index.endings, ["ed"]);
    assert_eq!(form(&index, "hauser").lists[0].count, 1);
}

#[test]
fn places_tell_the_words_beside_and_leave_room_between_blocks() {
    let index = few(&["Title here|one two\nthree"]);
    let places = |word: &str| -> Vec<u64> {
        Numbers::of(&form(&index, word).lists[0].places).map(|value| value / 8).collect()
    };
    let body = u64::from(BODY);
    assert_eq!([places("title"), places("here")], [[0], [1]]);
    assert_eq!([places("one"), places("two"), places("three")], [[body], [body + 1], [body + 3]]);
}

/// A large archive, in which "the" stands everywhere.
fn large() -> Vec<String> {
    (0..LARGE).map(|n| format!("the dam{} of the the town", n % 11)).collect()
}

#[test]
fn common_words_are_told_and_known_beside_others() {
    let index = made(&large());
    let the = index.common["the"];
    assert!(index.common.contains_key("town") && !index.common.contains_key("dam1"));
    let dam = &form(&index, "dam1").lists[0];
    let places: String =
        if dam.parts.is_empty() { dam.places.clone() } else { dam.parts[0].places.clone() };
    let mut numbers = Numbers::of(&places);
    assert_eq!(numbers.next(), Some((u64::from(BODY) + 1) * 8 + 4 + 2 + 1));
    assert_eq!((numbers.sign(), numbers.sign()), (Some(the), Some(index.common["of"])));
}

#[test]
fn long_lists_are_parted_and_lose_nothing() {
    let index = made(&large());
    let the = &form(&index, "the").lists[0];
    assert!(the.parts.len() > 1, "{}", the.parts.len());
    assert!(the.parts.iter().all(|part| part.entries.len().max(part.places.len()) <= LONG));
    let numbers: Vec<u64> = entries(the).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=LARGE as u64).map(|n| n * 10).collect::<Vec<_>>());
    assert!(the.parts.iter().zip(&the.parts[1..]).all(|(a, b)| a.from < b.from));
}

#[test]
fn every_spelling_leads_to_its_stem() {
    // So many words that they need several shards.
    let letters = ["ba", "ce", "di", "fo", "gu", "ly"];
    let words: Vec<String> = (0..216)
        .map(|n| format!("{}{}{}", letters[n / 36], letters[n / 6 % 6], letters[n % 6]))
        .flat_map(|word| [format!("{word}ies"), format!("{word}y"), format!("{word}ing")])
        .collect();
    let texts: Vec<String> = (0..40).map(|_| words.join(" ")).collect();
    let index = made(&texts);
    assert!(index.shards.len() > 3, "{}", index.shards.len());
    for word in &words {
        let own = shards::find(&index.shards, word);
        let here =
            index.shard(own).iter().any(|group| group.forms.iter().any(|form| form.word == *word));
        let stem = index.see[own].iter().find(|(other, _)| other == word).map(|(_, stem)| stem);
        let there = stem.is_some_and(|stem| {
            let shard = index.shard(shards::find(&index.shards, stem));
            shard.iter().any(|group| {
                group.stem == *stem && group.forms.iter().any(|form| form.word == *word)
            })
        });
        assert!(here || there, "{word}");
    }
}
