//! What is compiled in, file by file: to be listed, copied and compared.

use super::{BUILT_IN, SCRIPT, STYLE};

/// A file that is compiled in. A file of the same name in an archive's `templates/` takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name below `templates/`.
    pub name: &'static str,
    /// What it holds.
    pub text: &'static str,
}

impl BuiltIn {
    /// Returns what is made with it: the first sentence of the remark that it opens with, without its
    /// stop; empty where it opens with none.
    pub fn makes(&self) -> String {
        let text = self.text.trim_start();
        let remark = [("{#", "#}"), ("/*", "*/"), ("//", "\n"), ("# ", "\n")]
            .iter()
            .find_map(|(open, close)| text.strip_prefix(open)?.split(close).next());
        let words: Vec<&str> =
            remark.unwrap_or_default().trim_matches(['-', '!']).split_whitespace().collect();
        let words = words.join(" ");
        words
            .split_once(". ")
            .map_or(words.as_str(), |(first, _)| first)
            .trim_end_matches('.')
            .into()
    }
}

/// Returns every file that is compiled in: the templates, by name, the style sheet and the script.
pub fn built_in() -> Vec<BuiltIn> {
    BUILT_IN.iter().chain([&STYLE, &SCRIPT]).map(|&(name, text)| BuiltIn { name, text }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_is_made_with_it() {
        for file in built_in() {
            let makes = file.makes();
            assert!(!makes.is_empty(), "templates/{} does not open with a remark", file.name);
            assert!(makes.chars().count() < 75, "{}: `{makes}` is too long for a list", file.name);
        }
    }

    #[test]
    fn the_first_sentence_of_the_remark_is_told() {
        let makes = |text| BuiltIn { name: "x", text }.makes();
        assert_eq!(makes("{#- A day: its entries.\n   Said twice. -#}\n<p>"), "A day: its entries");
        assert_eq!(makes("/* The style\n   sheet. */\np {}"), "The style sheet");
        assert_eq!(makes("// Finds words.\nlet x"), "Finds words");
        assert_eq!(makes("<p>"), "");
    }
}
