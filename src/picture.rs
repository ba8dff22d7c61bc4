//! Pictures that a curator added: how large they are, and smaller copies of them for small screens.
//! Pure: bytes in, bytes out.
//!
//! What a file says of itself is not believed. A picture of more than 50 million pixels is not
//! unpacked, and one that cannot be read is told, never shown wrong.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngDecoder, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits};

/// The widths of copies, in pixels: a text column on a phone, on a desk, and on a sharp screen.
const WIDTHS: [u32; 3] = [400, 800, 1200];
/// A picture of more pixels is not unpacked: 200 MB in memory.
const MOST_PIXELS: u64 = 50_000_000;
/// How good a JPEG copy is, of 100.
const QUALITY: u8 = 80;
/// Changes with everything that changes the bytes of copies made of the same picture.
pub const RECIPE: &str = "1";

/// A picture of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// In pixels, as it is shown.
    pub width: u32,
    /// In pixels, as it is shown.
    pub height: u32,
    /// Smaller ones of it, the smallest first.
    pub copies: Vec<PictureCopy>,
}

/// A smaller copy of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureCopy {
    /// In pixels.
    pub width: u32,
    /// Where it stands in the site.
    pub address: String,
}

/// The pictures of a site, by their paths in it.
pub type Pictures = BTreeMap<String, Picture>;

/// What the bytes of a picture tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// In pixels, turned as a browser turns it.
    pub width: u32,
    /// In pixels, turned as a browser turns it.
    pub height: u32,
    /// What copies can be made as; `None` where none can.
    pub copies_as: Option<Format>,
}

/// What a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG, of a JPEG.
    Jpeg,
    /// PNG, of a PNG.
    Png,
}

impl Format {
    /// Returns the extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Whether a file is called like a picture whose size can be read.
pub fn is_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["jpg", "jpeg", "png", "gif", "webp", "avif"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Reads the size of a picture from its head; nothing is unpacked.
///
/// # Errors
/// Why it cannot be read.
pub fn size(bytes: &[u8]) -> Result<Size, String> {
    let size = match kind(bytes) {
        Some(Format::Jpeg) => turned(&mut jpeg(bytes)?, Some(Format::Jpeg)),
        Some(Format::Png) => {
            let mut decoder = png(bytes)?;
            // A copy would stand still.
            let moves = decoder.is_apng().unwrap_or(true);
            turned(&mut decoder, Some(Format::Png).filter(|_| !moves))
        }
        None => {
            let size = imagesize::blob_size(bytes).map_err(|error| error.to_string())?;
            let pixels = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
            Size { width: pixels(size.width), height: pixels(size.height), copies_as: None }
        }
    };
    if size.width == 0 || size.height == 0 {
        return Err("it has no size".into());
    }
    Ok(size)
}

fn kind(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => Some(Format::Png),
        _ => None,
    }
}

fn jpeg(bytes: &[u8]) -> Result<JpegDecoder<Cursor<&[u8]>>, String> {
    JpegDecoder::new(Cursor::new(bytes)).map_err(|error| error.to_string())
}

fn png(bytes: &[u8]) -> Result<PngDecoder<Cursor<&[u8]>>, String> {
    PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|error| error.to_string())
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(8 * MOST_PIXELS);
    limits
}

fn turned(decoder: &mut impl ImageDecoder, copies_as: Option<Format>) -> Size {
    let (width, height) = decoder.dimensions();
    let on_its_side = matches!(
        decoder.orientation(),
        Ok(Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH)
    );
    let (width, height) = if on_its_side { (height, width) } else { (width, height) };
    Size { width, height, copies_as }
}

/// Returns the widths of the copies that a picture of that width gets.
fn widths(width: u32) -> impl Iterator<Item = u32> {
    // One that is hardly smaller saves nothing.
    WIDTHS.into_iter().filter(move |copy| u64::from(*copy) * 5 <= u64::from(width) * 4)
}

/// Makes the smaller copies of a picture, the smallest first, each with its width. One that would be
/// no fewer bytes than the picture is left out.
///
/// # Errors
/// Why it cannot be unpacked.
pub fn copies(bytes: &[u8]) -> Result<Vec<(u32, Vec<u8>)>, String> {
    let size = size(bytes)?;
    let Some(format) = size.copies_as else { return Ok(Vec::new()) };
    if widths(size.width).next().is_none() {
        return Ok(Vec::new());
    }
    if u64::from(size.width) * u64::from(size.height) > MOST_PIXELS {
        return Err(format!(
            "it has {} × {} pixels, expected at most {} million",
            size.width,
            size.height,
            MOST_PIXELS / 1_000_000
        ));
    }
    let (picture, profile) = match format {
        Format::Jpeg => unpack(jpeg(bytes)?),
        Format::Png => unpack(png(bytes)?),
    }?;
    let mut copies: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut larger = picture;
    for width in widths(size.width).collect::<Vec<_>>().into_iter().rev() {
        let height = u64::from(size.height) * u64::from(width) / u64::from(size.width);
        let height = u32::try_from(height).unwrap_or(1).max(1);
        larger = larger.resize_exact(width, height, FilterType::CatmullRom);
        let copy = pack(&larger, format, profile.clone())?;
        if copy.len() < bytes.len() {
            copies.insert(0, (width, copy));
        }
    }
    Ok(copies)
}

/// Unpacks a picture, turned as it is to be seen, with its colour profile.
fn unpack(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Option<Vec<u8>>), String> {
    let profile = decoder.icc_profile().unwrap_or_default();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    decoder.set_limits(limits()).map_err(|error| error.to_string())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    picture.apply_orientation(orientation);
    let color = picture.color();
    let picture = match (color.has_color(), color.has_alpha()) {
        (true, true) => DynamicImage::from(picture.into_rgba8()),
        (true, false) => picture.into_rgb8().into(),
        (false, true) => picture.into_luma_alpha8().into(),
        (false, false) => picture.into_luma8().into(),
    };
    Ok((picture, profile))
}

fn pack(
    picture: &DynamicImage,
    format: Format,
    profile: Option<Vec<u8>>,
) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let result = match format {
        Format::Jpeg => {
            with_profile(JpegEncoder::new_with_quality(&mut bytes, QUALITY), picture, profile)
        }
        Format::Png => {
            let (compression, filter) = (CompressionType::Default, PngFilter::Adaptive);
            let encoder = PngEncoder::new_with_quality(&mut bytes, compression, filter);
            with_profile(encoder, picture, profile)
        }
    };
    result.map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn with_profile(
    mut encoder: impl ImageEncoder,
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
) -> image::ImageResult<()> {
    if let Some(profile) = profile {
        // Without it the colours are those of the web, which is what a browser would take them for.
        let _ = encoder.set_icc_profile(profile);
    }
    picture.write_with_encoder(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of soft colours.
    fn sample(width: u32, height: u32, format: Format) -> Vec<u8> {
        let pixel = |x: u32, y: u32| {
            let part = |of: u32, all: u32| u8::try_from(of * 255 / all).unwrap();
            // Grain, as every photograph has.
            image::Rgb([
                part(x, width),
                part(y, height),
                u8::try_from((x * 7919 + y * 104_729) % 32).unwrap(),
            ])
        };
        let picture = DynamicImage::from(image::RgbImage::from_fn(width, height, pixel));
        pack(&picture, format, None).unwrap()
    }

    /// The same JPEG, told to be turned by Exif (CIPA DC-008, 4.6.5.1.4).
    fn turned_by_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_gets_smaller_copies_and_the_same_bytes_each_time() {
        for format in [Format::Jpeg, Format::Png] {
            let bytes = sample(1600, 900, format);
            let size = size(&bytes).unwrap();
            assert_eq!((size.width, size.height, size.copies_as), (1600, 900, Some(format)));
            let copies = copies(&bytes).unwrap();
            let widths: Vec<u32> = copies.iter().map(|(width, _)| *width).collect();
            // A large PNG of grain is no smaller than the picture.
            assert!(widths.starts_with(&[400, 800]), "{format:?} {widths:?}");
            for (width, copy) in &copies {
                let shown = super::size(copy).unwrap();
                assert_eq!((shown.width, shown.height), (*width, width * 9 / 16), "{format:?}");
                assert!(copy.len() < bytes.len());
            }
            assert_eq!(copies, super::copies(&bytes).unwrap());
        }
    }

    #[test]
    fn a_small_picture_needs_no_copy() {
        assert_eq!(copies(&sample(450, 300, Format::Jpeg)), Ok(Vec::new()));
    }

    #[test]
    fn a_picture_on_its_side_is_measured_and_copied_upright() {
        let bytes = turned_by_exif(&sample(600, 300, Format::Jpeg), 6);
        let size = size(&bytes).unwrap();
        assert_eq!((size.width, size.height), (300, 600));
        let bytes = turned_by_exif(&sample(600, 1000, Format::Jpeg), 8);
        let (width, copy) = copies(&bytes).unwrap().remove(0);
        let shown = super::size(&copy).unwrap();
        assert_eq!((width, shown.width, shown.height), (400, 400, 240));
    }

    #[test]
    fn what_is_no_picture_and_what_is_a_bomb_is_told() {
        assert!(size(b"words").is_err());
        assert!(size(&[]).is_err());
        let whole = sample(1600, 900, Format::Png);
        assert!(copies(&whole[..whole.len() / 2]).is_err());
        // The head of a PNG that says to be 60,000 pixels wide and high, its checksum mended.
        let mut bomb = sample(16, 16, Format::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let mut crc = flate2::Crc::new();
        crc.update(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        assert_eq!(size(&bomb).map(|size| size.width), Ok(60_000));
        let told = copies(&bomb).unwrap_err();
        assert!(told.contains("60000 × 60000 pixels, expected at most 50 million"), "{told}");
    }

    #[test]
    fn a_gif_is_measured_and_not_copied() {
        let gif = b"GIF89a\x20\x03\x58\x02\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x20\x03\x58\x02\0\x02\x02D\x01\0;";
        let size = size(gif).unwrap();
        assert_eq!((size.width, size.height, size.copies_as), (800, 600, None));
        assert_eq!(copies(gif), Ok(Vec::new()));
    }
}
