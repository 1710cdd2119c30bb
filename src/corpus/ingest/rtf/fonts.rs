//! The encodings of the fonts of RTF.

use encoding_rs::Encoding;

/// How the bytes of a font are read.
#[derive(Clone, Copy)]
pub(super) enum Font {
    /// In an encoding.
    Of(&'static Encoding),
    /// As the letters of Adobe's Symbol.
    Symbol,
}

/// The encoding of fonts with `charset`.
pub(super) fn of_charset(charset: i32) -> Option<Font> {
    let label: &[u8] = match charset {
        2 => return Some(Font::Symbol),
        77 => b"macintosh",
        128 => b"shift_jis",
        129 | 130 => b"euc-kr",
        134 => b"gbk",
        136 => b"big5",
        161 => b"windows-1253",
        162 => b"windows-1254",
        163 => b"windows-1258",
        177 => b"windows-1255",
        178 => b"windows-1256",
        186 => b"windows-1257",
        204 => b"windows-1251",
        222 => b"windows-874",
        238 => b"windows-1250",
        _ => return None,
    };
    Encoding::for_label(label).map(Font::Of)
}

/// The encoding of Windows code page `page`.
pub(super) fn of_page(page: i32) -> Option<&'static Encoding> {
    let label = match page {
        866 => "ibm866".into(),
        874 => "windows-874".into(),
        932 => "shift_jis".into(),
        936 => "gbk".into(),
        949 => "euc-kr".into(),
        950 => "big5".into(),
        10000 => "macintosh".into(),
        65001 => "utf-8".into(),
        page => format!("windows-{page}"),
    };
    Encoding::for_label(label.as_bytes())
}
