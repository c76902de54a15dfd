//! Findings of the stages.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Parameter;
use shiliu_text::{Severity, Span, TextId};

use super::library::parse_severity;
use super::stories::Conditions;
use super::{Listing, Paging, natural};
use crate::store::{Reader, StoreError, misshapen};

/// Which findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiagnosticFilter {
    /// Of this severity.
    pub severity: Option<Severity>,
    /// With this code.
    pub code: Option<String>,
    /// On this page or file.
    pub path: Option<String>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosticView {
    /// Stable code.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The page or file.
    pub path: Option<String>,
    /// The page's text, where it is held.
    pub text: Option<TextId>,
    /// Bytes of it.
    pub span: Option<Span>,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Reader {
    /// Findings, worst first, then by page and place.
    ///
    /// # Errors
    /// What the database gives.
    pub fn diagnostics(
        &self,
        filter: &DiagnosticFilter,
        paging: Paging,
    ) -> Result<Listing<DiagnosticView>, StoreError> {
        self.run(|connection| {
            let mut conditions = Conditions::default();
            let severity = filter.severity.map(|severity| severity.as_str().to_owned());
            conditions.text("severity = ?", severity.as_ref());
            conditions.text("code = ?", filter.code.as_ref());
            conditions.text("diagnostic.path = ?", filter.path.as_ref());
            let clause = conditions.clause();
            let total = connection.query_row(
                &format!("SELECT count(*) FROM diagnostic {clause}"),
                params_from_iter(&conditions.values),
                |row| row.get(0),
            )?;
            conditions.values.push(Parameter::Integer(paging.limit()));
            conditions.values.push(Parameter::Integer(i64::from(paging.offset)));
            let mut statement = connection.prepare_cached(&format!(
                "SELECT code, severity, message, diagnostic.path, page.text_hash, start, end, hints
                 FROM diagnostic LEFT JOIN page ON page.id = diagnostic.page {clause}
                 ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, diagnostic.id
                 LIMIT ? OFFSET ?"
            ))?;
            let rows = statement.query_map(params_from_iter(&conditions.values), |row| {
                let severity: String = row.get(1)?;
                let (start, end): (Option<u32>, Option<u32>) = (row.get(5)?, row.get(6)?);
                let hints: String = row.get(7)?;
                Ok(DiagnosticView {
                    code: row.get(0)?,
                    severity: parse_severity(&severity).ok_or_else(|| misshapen("diagnostic.severity"))?,
                    message: row.get(2)?,
                    path: row.get(3)?,
                    text: row.get::<_, Option<[u8; 32]>>(4)?.map(TextId),
                    span: start.zip(end).map(|(start, end)| Span { start, end }),
                    hints: hints.lines().map(str::to_owned).collect(),
                })
            })?;
            Ok(Listing { rows: rows.collect::<rusqlite::Result<_>>()?, total: natural(total), more: false })
        })
    }
}
