//! The style sheet and the script, part of the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// Start of the hash of all static files: part of their addresses, so that a new binary is not served an old
/// style sheet.
pub(crate) fn version() -> &'static str {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        let mut names: Vec<_> = Static::iter().collect();
        names.sort();
        let files = names.iter().filter_map(|name| Static::get(name));
        let bytes: Vec<u8> = files.flat_map(|file| file.data.to_vec()).collect();
        shiliu_text::hex(&shiliu_text::digest_of(&bytes).0[..6])
    })
}

/// `/static/NAME`
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = Static::get(&name) else {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    };
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=31536000, immutable")];
    (headers, file.data).into_response()
}
