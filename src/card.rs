//! A picture of a few lines of text, 1200 by 630 pixels: what a link to a story is shown with
//! elsewhere (Open Graph). PNG (ISO/IEC 15948), the same bytes on every machine. Pure.
//!
//! Letters are set one beside the other, from left to right. A text in a script that the font does
//! not have, or that wants more than that (Arabic, Hebrew, Indic scripts), is left out: see [`shows`].

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of pixels and lines: small and not negative"
)]

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};

/// The width of a card, in pixels.
pub const WIDTH: usize = 1200;
/// The height of a card, in pixels.
pub const HEIGHT: usize = 630;

/// What stands on a card. An empty text is left out.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// The name of the archive, on top.
    pub above: &'a str,
    /// The title, large.
    pub title: &'a str,
    /// A few facts, at the foot: a line each.
    pub below: &'a [String],
}

/// Noto Serif: Latin, Greek and Cyrillic letters of it, under the SIL Open Font License 1.1
/// (`card/OFL.txt`; `card/README.md` says how it was cut).
static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("card/NotoSerif-cards.ttf")).ok());

/// The margin, in pixels.
const MARGIN: f32 = 84.0;
/// The sizes of a title, in pixels: the largest that fits is taken.
const SIZES: [f32; 6] = [104.0, 88.0, 76.0, 66.0, 58.0, 50.0];
/// The most lines of a title.
const MOST_LINES: usize = 4;
/// The size of all other texts, in pixels.
const SMALL: f32 = 34.0;

/// The colours: those of the site's light scheme.
const PAPER: [u8; 3] = [0xfb, 0xfa, 0xf6];
const TONES: [[u8; 3]; 3] = [[0x1d, 0x1c, 0x1a], [0x5f, 0x5b, 0x54], [0x1f, 0x3f, 0x7d]];
const INK: usize = 0;
const QUIET: usize = 1;
const ACCENT: usize = 2;
/// How many steps lead from the paper to a tone.
const STEPS: usize = 64;

/// Whether a card can show a text: the font has all of its letters.
pub fn shows(text: &str) -> bool {
    FONT.as_ref().is_some_and(|font| text.chars().all(|c| c == ' ' || font.glyph_id(c).0 != 0))
}

/// Draws a card.
///
/// # Errors
/// What the encoder reports.
pub fn draw(card: &Card<'_>) -> Result<Vec<u8>, String> {
    let mut sheet = Sheet { dots: vec![0; WIDTH * HEIGHT] };
    sheet.bar();
    if let Some(font) = FONT.as_ref() {
        let wide = WIDTH as f32 - 2.0 * MARGIN;
        if let [line, ..] = wrap(font, card.above, SMALL, wide).as_slice() {
            sheet.write(font, line, SMALL, MARGIN + SMALL, QUIET);
        }
        let room = HEIGHT as f32 - 2.0 * MARGIN - SMALL * 1.5 * (card.below.len() as f32 + 2.0);
        let (size, lines) = title(font, card.title, wide, room);
        let mut y = MARGIN + SMALL * 2.4 + size;
        for line in &lines {
            sheet.write(font, line, size, y, INK);
            y += size * 1.2;
        }
        let mut y = HEIGHT as f32 - MARGIN - SMALL * 1.5 * (card.below.len() as f32 - 1.0);
        for fact in card.below {
            if let [line, ..] = wrap(font, fact, SMALL, wide).as_slice() {
                sheet.write(font, line, SMALL, y, QUIET);
            }
            y += SMALL * 1.5;
        }
    }
    sheet.encode()
}

/// The lines of a title, and the largest size in which they fit.
fn title(font: &FontRef<'_>, text: &str, wide: f32, room: f32) -> (f32, Vec<String>) {
    let mut last = (SMALL, Vec::new());
    for size in SIZES {
        let lines = wrap(font, text, size, wide);
        let fits = lines.len() <= MOST_LINES && lines.len() as f32 * size * 1.2 <= room;
        last = (size, lines);
        if fits {
            return last;
        }
    }
    let (size, mut lines) = last;
    let most = ((room / (size * 1.2)) as usize).clamp(1, MOST_LINES);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(line) = lines.last_mut() {
            let mut shorter = format!("{line}…");
            while width(font, &shorter, size) > wide {
                shorter = match line.rsplit_once(' ') {
                    Some((head, _)) => head.to_string(),
                    None => line.chars().take(line.chars().count().saturating_sub(1)).collect(),
                };
                line.clone_from(&shorter);
                shorter = format!("{}…", shorter.trim_end_matches([',', ';', ':', '.', ' ']));
            }
            *line = shorter;
        }
    }
    (size, lines)
}

/// Cuts a text into lines between words; a word that is too long is cut where it has to be.
fn wrap(font: &FontRef<'_>, text: &str, size: f32, wide: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if width(font, &longer, size) <= wide {
                *line = longer;
                continue;
            }
        }
        while width(font, rest, size) > wide {
            let ends = rest.char_indices().map(|(at, _)| at).skip(2);
            let end = ends.take_while(|end| width(font, &rest[..*end], size) <= wide).last();
            let Some(end) = end else { break };
            lines.push(rest[..end].to_string());
            rest = &rest[end..];
        }
        lines.push(rest.to_string());
    }
    lines
}

fn width(font: &FontRef<'_>, text: &str, size: f32) -> f32 {
    let scaled = font.as_scaled(PxScale::from(size));
    text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum()
}

/// The dots of a card: 0 is paper, others are a tone and a step towards it.
struct Sheet {
    dots: Vec<u8>,
}

impl Sheet {
    /// Draws the one line of a card that is no text.
    fn bar(&mut self) {
        let full = u8::try_from(ACCENT * STEPS + STEPS - 1).unwrap_or(u8::MAX);
        for row in self.dots.chunks_mut(WIDTH) {
            row[..16].fill(full);
        }
    }

    /// Writes a line of text with its base at `y`.
    fn write(&mut self, font: &FontRef<'_>, text: &str, size: f32, y: f32, tone: usize) {
        let scale = PxScale::from(size);
        let scaled = font.as_scaled(scale);
        let mut x = MARGIN;
        for c in text.chars() {
            let id = scaled.glyph_id(c);
            let glyph = id.with_scale_and_position(scale, point(x, y));
            x += scaled.h_advance(id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, cover| {
                let (column, row) =
                    (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
                let (Ok(column), Ok(row)) = (usize::try_from(column), usize::try_from(row)) else {
                    return;
                };
                if column < WIDTH && row < HEIGHT {
                    let step = (cover.clamp(0.0, 1.0) * (STEPS - 1) as f32 + 0.5) as usize;
                    let dot = &mut self.dots[row * WIDTH + column];
                    if step > usize::from(*dot) % STEPS {
                        *dot = u8::try_from(tone * STEPS + step).unwrap_or(u8::MAX);
                    }
                }
            });
        }
    }

    /// Encodes the dots as PNG with a palette.
    fn encode(&self) -> Result<Vec<u8>, String> {
        let mut palette = Vec::with_capacity(TONES.len() * STEPS * 3);
        for tone in TONES {
            for step in 0..STEPS {
                for (paper, ink) in PAPER.into_iter().zip(tone) {
                    let (paper, ink) = (usize::from(paper), usize::from(ink));
                    let mixed = (paper * (STEPS - 1 - step) + ink * step) / (STEPS - 1);
                    palette.push(u8::try_from(mixed).unwrap_or(u8::MAX));
                }
            }
        }
        let mut bytes = Vec::new();
        let (width, height) = (u32::try_from(WIDTH), u32::try_from(HEIGHT));
        let (Ok(width), Ok(height)) = (width, height) else { return Ok(bytes) };
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
        writer.write_image_data(&self.dots).map_err(|error| error.to_string())?;
        writer.finish().map_err(|error| error.to_string())?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dots of a card.
    fn dots(bytes: &[u8]) -> Vec<u8> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut dots).unwrap();
        assert_eq!((info.width, info.height), (1200, 630));
        dots
    }

    fn drawn(title: &str) -> Vec<u8> {
        draw(&Card { above: "Quell", title, below: &["1 entry".to_string()] }).unwrap()
    }

    #[test]
    fn a_card_is_the_same_every_time_and_another_for_another_title() {
        let card = drawn("Dam gates opened");
        assert_eq!(card, drawn("Dam gates opened"));
        assert_ne!(dots(&card), dots(&drawn("Dam gates closed")));
        assert!(card.len() < 60_000, "{} bytes", card.len());
    }

    #[test]
    fn no_text_runs_over_the_edge() {
        let long = "Donaudampfschifffahrtsgesellschaftskapitänswitwe ".repeat(9);
        for title in ["Moon", &long, &"W".repeat(400), ""] {
            let card = dots(&drawn(title));
            let right = card.chunks(WIDTH).all(|row| row[WIDTH - 60..].iter().all(|dot| *dot == 0));
            assert!(right, "{title}");
        }
    }

    #[test]
    fn only_what_the_font_has_is_shown() {
        for text in ["Größer — “so” it’s €5", "Ελληνικά", "Фейхоа", "Tiếng Việt", "[Made…]"]
        {
            assert!(shows(text), "{text}");
        }
        for text in ["فتح بوابات", "שער", "दिन", "水门", "a\u{301}", "😀"] {
            assert!(!shows(text), "{text}");
        }
    }
}
