//! Drawings made on the server: points in time as places on a drawing, each a link to the characters that say it.

use super::deadline::last_day;

/// A drawing with named lines across and down.
pub(crate) struct Chart {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) across: Vec<Line>,
    pub(crate) down: Vec<Line>,
    pub(crate) dots: Vec<Dot>,
    /// How many marks more stand on a spot than it shows.
    pub(crate) more: Vec<More>,
}

/// A number of marks for which there is no room, above those that are shown.
pub(crate) struct More {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) count: u32,
}

/// A line with its label.
pub(crate) struct Line {
    pub(crate) at: u32,
    pub(crate) label: String,
}

/// A mark.
#[derive(Clone, Debug)]
pub(crate) struct Dot {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) class: &'static str,
}

/// Room around the drawing: for the labels at the left, and for the marks' own size.
const LEFT: u32 = 150;
const RIGHT: u32 = 24;
const TOP: u32 = 16;
const BOTTOM: u32 = 26;

/// A day as a number that grows with time, from any EDTF text: months have 31 days here, which draws well enough.
pub(crate) fn day_of(edtf: &str) -> Option<i64> {
    let day = last_day(edtf)?;
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    Some((year * 12 + month - 1) * 31 + date - 1)
}

/// The day at which a rough date is drawn: what is known to the month or to the year stands in the midst of it.
pub(crate) fn middle_of(edtf: &str) -> Option<i64> {
    let end = edtf.rsplit('/').next().unwrap_or(edtf).trim_end_matches(['~', '?', '%']);
    let back = match end.len() {
        4 => 6 * 31,
        7 => 15,
        _ => 0,
    };
    day_of(edtf).map(|day| day - back)
}

/// The place of `value` between `low` and `high` on `room` units.
fn place(value: i64, low: i64, high: i64, room: u32) -> u32 {
    if high <= low {
        return room / 2;
    }
    let share = i128::from(value - low) * i128::from(room) / i128::from(high - low);
    u32::try_from(share).unwrap_or(0).min(room)
}

/// Lines at the turns of years; of months where the whole is shorter than two years.
fn turns(low: i64, high: i64, width: u32) -> Vec<Line> {
    const YEAR: i64 = 372;
    let months = high - low < 2 * YEAR;
    let step = if months { 31 } else { YEAR };
    let count = (high - low) / step + 1;
    // No more labels than can be read.
    let every = (count * 60 / i64::from(width.max(60)) + 1).max(1);
    (low.div_euclid(step)..=high.div_euclid(step))
        .filter(|turn| turn * step >= low && turn.rem_euclid(every) == 0)
        .map(|turn| {
            let day = turn * step;
            let label = match months {
                true => format!("{}-{:02}", day.div_euclid(YEAR), day.rem_euclid(YEAR) / 31 + 1),
                false => day.div_euclid(YEAR).to_string(),
            };
            Line { at: LEFT + place(day, low, high, width - LEFT - RIGHT), label }
        })
        .collect()
}

/// One reported value: its day, its number, how it is written.
pub(crate) struct Value {
    pub(crate) day: i64,
    /// In millionths.
    pub(crate) number: i128,
    pub(crate) label: String,
    pub(crate) dot: Dot,
}

/// The values of one measure over time; nothing where all are of one day.
pub(crate) fn series(values: Vec<Value>) -> Option<Chart> {
    const WIDTH: u32 = 720;
    const HEIGHT: u32 = 180;
    let days = || values.iter().map(|value| value.day);
    let (first, last) = (days().min()?, days().max()?);
    let (low, high) = (values.iter().map(|v| v.number).min()?, values.iter().map(|v| v.number).max()?);
    if first == last {
        return None;
    }
    let room = HEIGHT - TOP - BOTTOM;
    let height = |number: i128| -> u32 {
        if high == low {
            return TOP + room / 2;
        }
        let share = (number - low) * i128::from(room) / (high - low);
        TOP + room - u32::try_from(share).unwrap_or(0).min(room)
    };
    let mut across: Vec<Line> = Vec::new();
    let mut dots = Vec::new();
    for value in &values {
        let at = height(value.number);
        if across.iter().all(|line| line.at.abs_diff(at) >= 14) {
            across.push(Line { at, label: value.label.clone() });
        }
        let x = LEFT + place(value.day, first, last, WIDTH - LEFT - RIGHT);
        dots.push(Dot { x, y: at, ..value.dot.clone() });
    }
    let down = turns(first, last, WIDTH);
    Some(Chart { width: WIDTH, height: HEIGHT, across, down, dots, more: Vec::new() })
}

/// A mark of a lane on a day.
pub(crate) struct Moment {
    pub(crate) lane: usize,
    pub(crate) day: i64,
    pub(crate) dot: Dot,
}

/// Lanes under one another over one line of time; marks of a lane that would cover each other stand higher.
pub(crate) fn lanes(names: &[String], moments: &[Moment]) -> Option<Chart> {
    const WIDTH: u32 = 1080;
    const STEP: u32 = 13;
    const DEEPEST: usize = 16;
    let days = || moments.iter().map(|moment| moment.day);
    let (first, last) = (days().min()?, days().max()?);
    let (mut dots, mut across, mut more) = (Vec::new(), Vec::new(), Vec::new());
    let mut base = TOP;
    for (lane, name) in names.iter().enumerate() {
        let mut own: Vec<(u32, &Moment)> = moments
            .iter()
            .filter(|moment| moment.lane == lane)
            .map(|moment| (LEFT + place(moment.day, first, last, WIDTH - LEFT - RIGHT), moment))
            .collect();
        own.sort_by_key(|(x, _)| *x);
        // The lowest free height: where the mark before it at that height is far enough.
        let mut ends: Vec<u32> = Vec::new();
        let mut placed = Vec::new();
        let mut over: Vec<(u32, u32)> = Vec::new();
        for (x, moment) in own {
            let free = ends.iter().position(|end| *end == 0 || *end + STEP <= x);
            let level = match free {
                Some(level) => level,
                None if ends.len() < DEEPEST => {
                    ends.push(0);
                    ends.len() - 1
                }
                // No room: told by number, not drawn over the one before.
                None => {
                    match over.last_mut().filter(|(at, _)| x < *at + 2 * STEP) {
                        Some((_, count)) => *count += 1,
                        None => over.push((x, 1)),
                    }
                    continue;
                }
            };
            ends[level] = x;
            placed.push((x, level as u32, moment));
        }
        let tall = ends.len().max(1) as u32 * STEP + 12 + if over.is_empty() { 0 } else { STEP };
        let floor = base + tall;
        let above = floor.saturating_sub(8 + DEEPEST as u32 * STEP);
        more.extend(over.into_iter().map(|(x, count)| More { x, y: above, count }));
        across.push(Line { at: floor, label: name.clone() });
        dots.extend(placed.into_iter().map(|(x, level, moment)| Dot {
            x,
            y: floor - 8 - level * STEP,
            ..moment.dot.clone()
        }));
        base = floor;
    }
    let down = turns(first, last, WIDTH);
    Some(Chart { width: WIDTH, height: base + BOTTOM, across, down, dots, more })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot() -> Dot {
        Dot { x: 0, y: 0, href: String::new(), title: String::new(), class: "" }
    }

    #[test]
    fn later_is_further_right_and_more_is_higher() {
        let value = |day: &str, number: i128| Value {
            day: day_of(day).unwrap(),
            number,
            label: number.to_string(),
            dot: dot(),
        };
        let chart = series(vec![value("2030", 1860), value("2031", 1970), value("2031", 2000)]).unwrap();
        let places: Vec<(u32, u32)> = chart.dots.iter().map(|dot| (dot.x, dot.y)).collect();
        assert!(places[0].0 < places[1].0 && places[1].0 == places[2].0, "{places:?}");
        assert!(places[0].1 > places[1].1 && places[1].1 > places[2].1, "{places:?}");
        assert!(series(vec![value("2030", 5)]).is_none());
        assert!(series(vec![value("2030", 5), value("2030", 6)]).is_none(), "one day is no course");
        assert!(series(Vec::new()).is_none());
    }

    #[test]
    fn marks_of_one_day_stand_above_each_other() {
        let moments: Vec<Moment> = (0..3).map(|_| Moment { lane: 0, day: 7, dot: dot() }).collect();
        let chart = lanes(&["a".to_owned(), "b".to_owned()], &moments).unwrap();
        let mut heights: Vec<u32> = chart.dots.iter().map(|dot| dot.y).collect();
        heights.dedup();
        assert_eq!(heights.len(), 3);
        assert_eq!(chart.across.len(), 2);
    }

    #[test]
    fn marks_without_room_are_told_by_number() {
        let moments: Vec<Moment> = (0..40).map(|_| Moment { lane: 0, day: 7, dot: dot() }).collect();
        let chart = lanes(&["a".to_owned()], &moments).unwrap();
        assert_eq!(chart.dots.len(), 16);
        assert_eq!(chart.more.iter().map(|more| more.count).sum::<u32>(), 24);
        let highest = chart.dots.iter().map(|dot| dot.y).min().unwrap();
        assert!(chart.more.iter().all(|more| more.y < highest), "the number stands above the marks");
    }

    #[test]
    fn days_of_rough_dates() {
        assert!(day_of("2031").unwrap() > day_of("2031-06").unwrap());
        assert_eq!(day_of("../2031-06-30"), day_of("2031-06-30"));
        assert_eq!(day_of("P2Y"), None);
        assert!(middle_of("2031") > day_of("2031-05-31") && middle_of("2031") < day_of("2031-08"));
        assert!(middle_of("2031-06") > day_of("2031-06-10") && middle_of("2031-06") < day_of("2031-06-20"));
        assert_eq!(middle_of("2031-06-05"), day_of("2031-06-05"));
    }
}
