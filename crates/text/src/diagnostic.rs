use crate::Located;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, nothing is missing.
    Note,
    /// Something was lost or guessed; the rest stands.
    Warning,
    /// A whole page or file could not be used.
    Error,
}

impl Severity {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Something a stage noticed: dirty input is data, never a failure of the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kebab-case code, stable (`orphan-jump`, `invalid-utf8`); listed in docs/diagnostics.md.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence for a person, without offsets.
    pub message: String,
    /// The page (its path) or file it speaks of, where the place alone does not tell.
    pub page: Option<String>,
    /// The characters it speaks of.
    pub at: Option<Located>,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without a place; add one with [`Diagnostic::at`] and [`Diagnostic::on`].
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, severity, message: message.into(), page: None, at: None, hints: Vec::new() }
    }

    /// With its characters.
    #[must_use]
    pub fn at(mut self, at: Located) -> Diagnostic {
        self.at = Some(at);
        self
    }

    /// With the path of its page or file.
    #[must_use]
    pub fn on(mut self, page: impl Into<String>) -> Diagnostic {
        self.page = Some(page.into());
        self
    }

    /// With a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }
}

/// What a stage made and what it noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome<T> {
    /// What it made.
    pub value: T,
    /// What it noticed, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// A value with nothing to remark.
    #[must_use]
    pub fn clean(value: T) -> Outcome<T> {
        Outcome { value, diagnostics: Vec::new() }
    }

    /// The value, its diagnostics moved to `sink`.
    pub fn collect_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }
}
