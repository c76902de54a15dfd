//! Archives to look at, and requests without a network.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use shiliu_archive::store::{AddOptions, Archive};
use shiliu_lang::{Pack, Profile, builtin};
use tower::ServiceExt as _;

use super::document::Document;
use crate::web::{Site, router};

pub(super) const HOST: &str = "127.0.0.1:7340";
const WHEN: &str = "2032-07-01T08:00:00Z";

/// A site with the folder it lives in.
pub(super) struct Place {
    pub(super) site: Arc<Site>,
    _folder: Arc<tempfile::TempDir>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) body: String,
    name: String,
}

impl Answer {
    pub(super) fn document(&self) -> Document {
        Document::read(&self.body, &self.name)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An archive of the pages in a folder; an empty one without.
pub(super) fn place(pages: Option<&Path>) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let pack = Pack::load(builtin()).value;
    let profile = Profile::load("lanhai", builtin()).value;
    let archive = Archive::create(&folder.path().join("archive"), "lanhai").unwrap();
    if let Some(pages) = pages {
        let added =
            archive.writer().unwrap().add(&[pages.to_owned()], &pack, &profile, &AddOptions::at(WHEN));
        assert!(added.unwrap().counts.pages > 0);
    }
    let site = Site::new(archive, pack, profile, HOST.parse().unwrap(), "test".to_owned(), true);
    Place { site: Arc::new(site), _folder: Arc::new(folder) }
}

pub(super) fn sample_pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample/pages")
}

/// The sample, read once for all tests that only look.
pub(super) fn sample() -> &'static Place {
    static SAMPLE: OnceLock<Place> = OnceLock::new();
    SAMPLE.get_or_init(|| place(Some(&sample_pages())))
}

/// A folder with the pages given as (path, contents), read.
pub(super) fn written(pages: &[(&str, &str)]) -> Place {
    let folder = tempfile::tempdir().unwrap();
    for (path, contents) in pages {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }
    place(Some(folder.path()))
}

impl Place {
    fn app(&self) -> Router {
        router(Arc::clone(&self.site))
    }

    /// The same archive, for another person.
    pub(super) fn of(&self, who: &str) -> Place {
        let pack = Pack::load(builtin()).value;
        let profile = Profile::load("lanhai", builtin()).value;
        let site =
            Site::new(self.site.archive.clone(), pack, profile, HOST.parse().unwrap(), who.to_owned(), true);
        Place { site: Arc::new(site), _folder: Arc::clone(&self._folder) }
    }

    /// The same archive behind another site.
    pub(super) fn with(&self, site: Site) -> Place {
        Place { site: Arc::new(site), _folder: Arc::clone(&self._folder) }
    }

    pub(super) fn send(&self, request: Request<Body>) -> Answer {
        let name = request.uri().to_string();
        static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().unwrap());
        runtime.block_on(async {
            let response = self.app().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let body = String::from_utf8(bytes.to_vec()).unwrap();
            Answer { status: parts.status, headers: parts.headers, body, name }
        })
    }

    pub(super) fn get(&self, address: &str) -> Answer {
        let address = address.split('#').next().unwrap();
        self.send(Request::get(address).header(header::HOST, HOST).body(Body::empty()).unwrap())
    }

    /// As [`Place::get`], with more headers.
    pub(super) fn get_with(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(address).header(header::HOST, HOST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap())
    }

    /// A screen that must be there.
    pub(super) fn screen(&self, address: &str) -> Document {
        let answer = self.get(address);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        answer.document()
    }

    /// Sends a form as a page of ours does.
    pub(super) fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(
            address,
            fields,
            &[("origin", "http://127.0.0.1:7340"), ("sec-fetch-site", "same-origin")],
        )
    }

    pub(super) fn post_from(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = crate::web::address::with_query("", fields.iter().copied());
        let mut request = Request::post(address)
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.trim_start_matches('?').to_owned())).unwrap())
    }
}
