//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shiliu_archive::Stage;

/// Without a terminal a line tells how far the work is each time that this went by, also where a step says nothing.
const EVERY: Duration = Duration::from_secs(10);
/// How often a bar on a terminal is drawn anew, so that its time goes on where a step says nothing.
const DRAWN: Duration = Duration::from_millis(500);

/// Progress of long work: a bar on a terminal; elsewhere a line when a step begins and one every ten seconds.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    lines: Option<Lines>,
}

/// What a step says when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    /// A line with the number of things to do.
    Told,
    /// Nothing: only long work is told of.
    Untold,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Progress {
        Progress::which(quiet, Begins::Told)
    }

    /// That of verbs whose data goes to standard output: without a terminal nothing is said of short work.
    pub(crate) fn of_long_work() -> Progress {
        Progress::which(false, Begins::Untold)
    }

    fn which(quiet: bool, begins: Begins) -> Progress {
        let terminal = io::stderr().is_terminal();
        let bar = (terminal && !quiet).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{msg:>12} {wide_bar} {pos}/{len} {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(DRAWN);
            bar
        });
        let lines = (!terminal && !quiet).then(|| Lines::to(Box::new(io::stderr()), begins, EVERY));
        Progress { bar, lines }
    }

    /// To be handed to the pipeline. A stage that is behind the one told of last was over before.
    pub(crate) fn tell(&self, stage: Stage, done: usize, total: usize) {
        self.tell_of(stage.as_str(), Some(stage), done, total);
    }

    /// How far a step of one verb is; of a step that counts nothing `total` is 0.
    pub(crate) fn tell_step(&self, word: &'static str, done: usize, total: usize) {
        self.tell_of(word, None, done, total);
    }

    fn tell_of(&self, word: &'static str, stage: Option<Stage>, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            bar.set_message(word);
        } else if let Some(lines) = &self.lines {
            lines.tell(word, stage, done, total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Plain lines: one when a step begins, and from time to time how far it is.
struct Lines {
    said: Arc<Said>,
    begins: Begins,
    clerk: Option<JoinHandle<()>>,
}

struct Said {
    now: Mutex<Now>,
    over: Condvar,
}

struct Now {
    word: Option<&'static str>,
    stage: Option<Stage>,
    done: usize,
    total: usize,
    is_over: bool,
    to: Box<dyn Write + Send>,
}

impl Lines {
    fn to(to: Box<dyn Write + Send>, begins: Begins, every: Duration) -> Lines {
        let now = Now { word: None, stage: None, done: 0, total: 0, is_over: false, to };
        let said = Arc::new(Said { now: Mutex::new(now), over: Condvar::new() });
        let shared = Arc::clone(&said);
        // Without a thread there are fewer lines, and nothing else is different.
        let clerk = std::thread::Builder::new().name("progress".to_owned());
        let clerk = clerk.spawn(move || shared.tell_from_time_to_time(every)).ok();
        Lines { said, begins, clerk }
    }

    fn tell(&self, word: &'static str, stage: Option<Stage>, done: usize, total: usize) {
        let mut now = self.said.now.lock().unwrap_or_else(PoisonError::into_inner);
        if stage.is_some() && now.stage > stage {
            return;
        }
        (now.stage, now.done, now.total) = (stage.or(now.stage), done, total);
        if now.word != Some(word) {
            now.word = Some(word);
            if self.begins == Begins::Told {
                let _ =
                    if total > 0 { writeln!(now.to, "{word}: {total}") } else { writeln!(now.to, "{word}") };
            }
        }
    }
}

impl Said {
    fn tell_from_time_to_time(&self, every: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gone = Duration::ZERO;
        loop {
            let waited = self.over.wait_timeout_while(now, every, |now| !now.is_over);
            let (locked, _) = waited.unwrap_or_else(PoisonError::into_inner);
            now = locked;
            if now.is_over {
                return;
            }
            gone += every;
            let Now { word, done, total, .. } = *now;
            if let Some(word) = word {
                let seconds = gone.as_secs();
                let _ = if total > 0 {
                    writeln!(now.to, "{word}: {done} of {total}, {seconds} s")
                } else {
                    writeln!(now.to, "{word}: {seconds} s")
                };
            }
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.said.now.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
        self.said.over.notify_all();
        if let Some(clerk) = self.clerk.take() {
            let _ = clerk.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written, to be looked at while more is.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    const NEVER: Duration = Duration::from_secs(3600);

    #[test]
    fn each_step_is_told_once_when_it_begins() {
        let kept = Kept::default();
        let lines = Lines::to(Box::new(kept.clone()), Begins::Told, NEVER);
        lines.tell("read", Some(Stage::Read), 1, 2);
        lines.tell("read", Some(Stage::Read), 2, 2);
        lines.tell("segment", Some(Stage::Segment), 0, 7);
        // A thread that was late.
        lines.tell("read", Some(Stage::Read), 2, 2);
        lines.tell("writing", None, 0, 3);
        drop(lines);
        assert_eq!(kept.text(), "read: 2\nsegment: 7\nwriting: 3\n");
    }

    #[test]
    fn a_step_that_says_nothing_is_told_of_again_and_again() {
        let kept = Kept::default();
        let lines = Lines::to(Box::new(kept.clone()), Begins::Untold, Duration::from_millis(5));
        lines.tell("segment", Some(Stage::Segment), 3, 7);
        while kept.text().lines().count() < 2 {
            std::thread::yield_now();
        }
        drop(lines);
        assert!(kept.text().lines().all(|line| line == "segment: 3 of 7, 0 s"), "{}", kept.text());
    }
}
