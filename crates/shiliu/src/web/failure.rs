//! One page for everything that goes wrong: what happened, and where to go from here.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use shiliu_archive::store::StoreError;

use super::frame::Frame;

/// Why a screen cannot be shown.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such thing: the key of a text that says what.
    Missing(&'static str),
    /// What was sent cannot be used: the key of a text that says why.
    Unusable(&'static str),
    /// What was sent was refused, in the store's words.
    Refused(String),
    /// The form does not carry the token of this process: it was opened before a restart.
    Stale,
    /// The browser did not come in by a one-time address.
    Outside,
    /// The one-time address was used already, or is of another run.
    Spent,
    /// The archive cannot be used.
    Store(StoreError),
    /// A template or a worker failed: a mistake in the program.
    Internal(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Refused(words) => Failure::Refused(words),
            other => Failure::Store(other),
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Failure {
        Failure::Internal(error.to_string())
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    status: u16,
    headline: String,
    detail: String,
    advice: String,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Failure::Missing(_) => StatusCode::NOT_FOUND,
            Failure::Unusable(_) | Failure::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Stale | Failure::Outside | Failure::Spent => StatusCode::FORBIDDEN,
            Failure::Store(StoreError::Busy(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Store(_) | Failure::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page.
    pub(crate) fn show(&self, frame: Frame) -> Response {
        let status = self.status();
        let (headline, detail, advice) = match self {
            Failure::Missing(what) => (
                frame.t("failure.missing").to_owned(),
                frame.t(what).to_owned(),
                frame.t("failure.missing_next"),
            ),
            Failure::Unusable(why) => (
                frame.t("failure.unusable").to_owned(),
                frame.t(why).to_owned(),
                frame.t("failure.unusable_next"),
            ),
            Failure::Refused(words) => (
                frame.t("failure.unusable").to_owned(),
                super::refusals::told(frame.tongue(), words),
                frame.t("failure.unusable_next"),
            ),
            Failure::Stale => {
                (frame.t("failure.stale").to_owned(), String::new(), frame.t("failure.stale_next"))
            }
            Failure::Outside => {
                (frame.t("failure.outside").to_owned(), String::new(), frame.t("failure.outside_next"))
            }
            Failure::Spent => {
                (frame.t("failure.spent").to_owned(), String::new(), frame.t("failure.spent_next"))
            }
            Failure::Store(error) => {
                (frame.t("failure.store").to_owned(), error.to_string(), frame.t("failure.store_next"))
            }
            Failure::Internal(words) => {
                (frame.t("failure.internal").to_owned(), words.clone(), frame.t("failure.internal_next"))
            }
        };
        let advice = advice.to_owned();
        let page = FailurePage { frame, status: status.as_u16(), headline, detail, advice };
        match page.render() {
            Ok(markup) => (status, Html(markup)).into_response(),
            Err(error) => (status, format!("{error}\n")).into_response(),
        }
    }
}
