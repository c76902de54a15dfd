//! Pictures → ALTO through an installed `tesseract`; scanned pages of a PDF → pictures through an installed
//! `pdftoppm`. Each is a process of its own with a time limit and a limit to what it may say; where it is missing, the
//! picture is a finding with what to install, and the other pages are read.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use shiliu_press::PageKey;
use shiliu_text::{Diagnostic, Severity};

use super::picture::{LONGEST_SIDE, MOST_POINTS, Picture, picture};

/// The program, looked for where the system looks for programs.
const PROGRAM: &str = "tesseract";
/// Languages that are asked for where they are installed.
const LANGUAGES: [&str; 3] = ["chi_sim", "eng", "rus"];
/// What to do where it is missing.
const INSTALL: &str = "install it and run the same command again (Debian: apt install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-rus)";
/// The program that draws pages of a PDF (poppler).
const DRAWING: &str = "pdftoppm";
/// The longer side of a drawn page, in points: a broadsheet page at 180 points an inch.
const DRAWN_SIDE: u32 = 4200;
/// Longest time to draw one page, in looks of [`LOOK`] each.
const DRAWING_LOOKS: u32 = 3_000;
/// Longest time for one picture, in looks of [`LOOK`] each.
const LOOKS: u32 = 9_000;
/// How long to wait between two looks whether it is done.
const LOOK: Duration = Duration::from_millis(20);
/// Most bytes that it may say of one picture.
const LARGEST_ANSWER: u64 = 64 << 20;

/// What became of a file that may be a picture.
pub(crate) enum Recognised {
    /// It is no picture: its bytes are its text.
    NoPicture,
    /// The recogniser's ALTO.
    Alto(Vec<u8>),
    /// A picture that is not read, and why.
    Unread(Box<Diagnostic>),
}

/// Gives a picture to the recogniser.
pub(crate) fn recognise(bytes: &[u8], key: &PageKey) -> Recognised {
    let finding = |code, message: String, hint: &str| {
        let diagnostic = Diagnostic::new(code, Severity::Error, message).on(&key.path).hint(hint);
        Recognised::Unread(Box::new(diagnostic))
    };
    let size = match picture(bytes) {
        Picture::None => return Recognised::NoPicture,
        Picture::Damaged => {
            let message = "a picture that does not say how large it is".to_owned();
            return finding("picture-damaged", message, "fetch or scan the page again");
        }
        Picture::Sized(size) => size,
    };
    if size.longest > LONGEST_SIDE || size.points > MOST_POINTS {
        let message = format!(
            "a picture larger than is recognised (longest side {} points; at most {LONGEST_SIDE}, and {MOST_POINTS} points in all)",
            size.longest
        );
        return finding(
            "picture-too-large",
            message,
            "scan the page with 300 points an inch, or cut it in parts",
        );
    }
    let Some(languages) = languages() else {
        let message = format!("a picture: its text is read with {PROGRAM}, which is not installed");
        return finding("recogniser-missing", message, INSTALL);
    };
    match run(PROGRAM, &["stdin", "stdout", "-l", languages, "alto"], bytes, LOOKS) {
        Ok(answer) => Recognised::Alto(answer),
        Err(why) => {
            let hint = "try it by hand (tesseract FILE stdout), or give the page's text";
            finding("recogniser-failed", format!("{PROGRAM} gave no text: {why}"), hint)
        }
    }
}

/// Draws one page of a PDF, counted from one, as a picture. The longer side has so many points whatever size the file
/// states, so no page is a bomb. What went wrong is a finding about the page with this key.
pub(crate) fn drawn(pdf: &[u8], page: u32, key: &PageKey) -> Result<Vec<u8>, Box<Diagnostic>> {
    let number = page.to_string();
    let side = DRAWN_SIDE.to_string();
    let arguments = ["-f", &number, "-l", &number, "-gray", "-png", "-scale-to", &side, "-"];
    run(DRAWING, &arguments, pdf, DRAWING_LOOKS).map_err(|why| {
        let message = format!("a page that is a picture: {DRAWING} drew nothing: {why}");
        let hint = "try it by hand (pdftoppm -f PAGE -l PAGE -png FILE), or give images of the pages";
        Box::new(Diagnostic::new("recogniser-failed", Severity::Error, message).on(&key.path).hint(hint))
    })
}

/// Whether what draws the pages of a PDF and what recognises them are both installed.
pub(crate) fn can_recognise_pdf() -> bool {
    static DRAWS: OnceLock<bool> = OnceLock::new();
    // It tells its version on the error stream: that it starts is enough.
    let starts = || {
        let mut asked = Command::new(DRAWING);
        asked.arg("-v").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    languages().is_some() && *DRAWS.get_or_init(starts)
}

/// The installed ones of [`LANGUAGES`], joined; none where the program itself is missing.
fn languages() -> Option<&'static str> {
    static INSTALLED: OnceLock<Option<String>> = OnceLock::new();
    INSTALLED
        .get_or_init(|| {
            let answer = run(PROGRAM, &["--list-langs"], &[], 500).ok()?;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let installed = |wanted: &&str| answer.lines().any(|line| line.trim() == *wanted);
            let found: Vec<&str> = LANGUAGES.into_iter().filter(|wanted| installed(wanted)).collect();
            Some(if found.is_empty() { "eng".to_owned() } else { found.join("+") })
        })
        .as_deref()
}

/// Runs the program with `input` on its standard input and gives what it says.
fn run(program: &str, arguments: &[&str], input: &[u8], looks: u32) -> Result<Vec<u8>, String> {
    let mut child = Command::new(program)
        .args(arguments)
        // Pages are recognised side by side; each of them takes one core.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // It may end before it has read everything: what it says counts, not what it took.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        let answer = scope.spawn(move || read_all(stdout, LARGEST_ANSWER));
        let complaint = scope.spawn(move || read_all(stderr, 1 << 16));
        let mut status = None;
        for _ in 0..looks {
            match child.try_wait() {
                Ok(Some(ended)) => {
                    status = Some(ended);
                    break;
                }
                Ok(None) => std::thread::sleep(LOOK),
                Err(_) => break,
            }
        }
        if status.is_none() {
            // Its pipes close with it, and with them the threads that read them.
            let _ = child.kill();
            let _ = child.wait();
        }
        let answer = answer.join().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        let complaint = String::from_utf8_lossy(&complaint);
        match status {
            None => {
                Err(format!("stopped after {} seconds", LOOK.as_millis() as u64 * u64::from(looks) / 1000))
            }
            Some(ended) if ended.success() && !answer.is_empty() => Ok(answer),
            Some(_) => {
                let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
                Err(last
                    .unwrap_or("it ended without a word")
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect())
            }
        }
    })
}

fn read_all(stream: Option<impl Read>, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.by_ref().take(limit).read_to_end(&mut bytes);
        // The rest is read and thrown away, so that it does not wait for a reader.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    }
    bytes
}
