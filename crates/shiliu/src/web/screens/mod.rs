//! The screens, one file each.

pub(crate) mod attempt;
pub(crate) mod briefing;
pub(crate) mod chart;
pub(crate) mod checks;
pub(crate) mod compare;
pub(crate) mod deadline;
pub(crate) mod decide;
pub(crate) mod entry;
pub(crate) mod exports;
pub(crate) mod figures;
pub(crate) mod follow;
pub(crate) mod history;
pub(crate) mod keeping;
pub(crate) mod ledger;
pub(crate) mod letters;
pub(crate) mod library;
pub(crate) mod loci;
pub(crate) mod mechanism;
pub(crate) mod outside;
pub(crate) mod page;
pub(crate) mod pager;
pub(crate) mod pairs;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod promise;
pub(crate) mod register;
pub(crate) mod review;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod stories;
pub(crate) mod story;
pub(crate) mod timeline;
pub(crate) mod values;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::Site;
use super::ask::Ask;
use super::failure::Failure;
use super::frame::Frame;

/// An address that there is not.
pub(crate) async fn missing(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    Failure::Missing("failure.address").show(Frame::new(&site, &ask, ""))
}
