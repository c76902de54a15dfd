//! What a page is drawn from → its glyphs with their places. Only text operators and what moves them are followed.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Object, ObjectIdentifier, Stream};

use super::font::{Code, Font, bytes_of};
use super::parts::{Part, Parts};
use super::streams::unpacked;

/// Most bytes that one page is drawn from.
const LARGEST_PAGE: usize = 64 << 20;
/// Most operators of one page, those of the forms it uses included.
const MOST_OPERATORS: usize = 4_000_000;
/// Most glyphs of one page.
pub(super) const MOST_GLYPHS: usize = 1_000_000;
/// Forms within forms.
const DEEPEST_FORM: usize = 12;
/// Saved states within saved states.
const DEEPEST_STATE: usize = 512;
/// Parts of one size that a character reaches above its line, and below it.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;

/// `[a b c d e f]` of the PDF reference.
pub(super) type Matrix = [f64; 6];

/// First `inner`, then `outer`.
pub(super) fn multiply(inner: Matrix, outer: Matrix) -> Matrix {
    [
        inner[0] * outer[0] + inner[1] * outer[2],
        inner[0] * outer[1] + inner[1] * outer[3],
        inner[2] * outer[0] + inner[3] * outer[2],
        inner[2] * outer[1] + inner[3] * outer[3],
        inner[4] * outer[0] + inner[5] * outer[2] + outer[4],
        inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
    ]
}

fn apply(matrix: Matrix, x: f64, y: f64) -> (f64, f64) {
    (matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5])
}

/// Which way a glyph's line runs on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Direction {
    Right,
    Down,
    Left,
    Up,
    /// Aslant: stamps and watermarks.
    Oblique,
}

/// One glyph on the page, in hundredths of a point from the upper left corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its characters: start and end in [`Drawn::text`].
    pub(super) text: (u32, u32),
    pub(super) direction: Direction,
    /// Along the line: where it starts and where the next one would.
    pub(super) from: i32,
    pub(super) to: i32,
    /// Across the line: where the line lies.
    pub(super) baseline: i32,
    pub(super) size: i32,
    pub(super) bounds: [i32; 4],
}

/// What was found on one page.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
    /// Codes whose characters nothing tells.
    pub(super) unknown: usize,
    /// Pictures that were drawn.
    pub(super) pictures: usize,
    /// Something was left away: damaged, or more than is read.
    pub(super) incomplete: bool,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

impl State {
    /// Where the next glyph stands when thousandths of the size are taken back.
    fn shifted(&self, place: Matrix, back: f64) -> Matrix {
        let back = -back / 1000.0 * self.size;
        let vertical = self.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, back) } else { (back * self.scale, 0.0) };
        multiply([1.0, 0.0, 0.0, 1.0, x, y], place)
    }
}

/// Fonts that were read already, by where they stand in the file, and what their codes mean.
#[derive(Default)]
pub(super) struct Fonts {
    known: HashMap<ObjectIdentifier, Rc<Font>>,
    /// How many fonts were read.
    read: u32,
    /// Codes that were looked up, each at the one place it can have: a table that never grows.
    meanings: Vec<Meaning>,
}

/// Codes whose meaning is kept.
const KEPT_MEANINGS: usize = 1 << 13;

/// What a code of a font means, where that is a single character or nothing.
#[derive(Clone, Copy)]
struct Meaning {
    /// Number of the font, from one, and the code with its length.
    of: (u32, u32, u32),
    character: Option<char>,
    width: f64,
}

impl Fonts {
    fn font(&mut self, fonts: &Dict<'_>, name: &[u8], budget: &mut usize) -> Option<Rc<Font>> {
        let place = fonts.get_ref(name).map(ObjectIdentifier::from);
        if let Some(font) = place.and_then(|place| self.known.get(&place)) {
            return Some(Rc::clone(font));
        }
        self.read += 1;
        let font = Rc::new(Font::of(&fonts.get::<Dict<'_>>(name)?, self.read, budget));
        if let Some(place) = place {
            self.known.insert(place, Rc::clone(&font));
        }
        Some(font)
    }

    /// Takes the first code of `bytes` (not empty) and adds its characters: [`Font::take`], remembered.
    fn take(&mut self, font: &Font, bytes: &[u8], out: &mut String) -> Code {
        let (code, length) = font.next_code(bytes);
        let of = (font.number, code, length as u32);
        if self.meanings.is_empty() {
            let nothing = Meaning { of: (0, 0, 0), character: None, width: 0.0 };
            self.meanings.resize(KEPT_MEANINGS, nothing);
        }
        // The numbers of fonts are spread, so that the same codes of several do not meet.
        let place = (code ^ font.number.wrapping_mul(0x9e37_79b1)) as usize % KEPT_MEANINGS;
        let is_space = length == 1 && code == 32;
        let kept = &mut self.meanings[place];
        if kept.of == of {
            if let Some(character) = kept.character {
                out.push(character);
            }
            return Code { length, width: kept.width, is_space, known: kept.character.is_some() };
        }
        let start = out.len();
        let (known, width) = font.meaning(&bytes[..length], code, out);
        let mut characters = out[start..].chars();
        let character = characters.next();
        if characters.next().is_none() && known == character.is_some() {
            *kept = Meaning { of, character, width };
        }
        Code { length, width, is_space, known }
    }
}

/// What names in content stand for.
pub(super) struct Resources<'a> {
    pub(super) fonts: Dict<'a>,
    /// Forms and pictures.
    pub(super) forms: Dict<'a>,
}

/// Bytes of a dictionary that cost as much as one operator.
const BYTES_OF_AN_OPERATOR: usize = 64;

/// Reads one page. `budget` is how many more bytes of content the whole file may unpack to.
pub(super) struct Interpreter<'f> {
    fonts: &'f mut Fonts,
    budget: &'f mut usize,
    operators: usize,
    drawn: Drawn,
    /// Room for the parts of what is shown.
    parts: Parts,
    /// Width and height of what is visible, in points.
    visible: (f64, f64),
}

/// What stands before an operator, as far as any operator of text looks.
struct Operands<'o, 'a> {
    first: [Option<&'o Object<'a>>; 6],
    last: Option<&'o Object<'a>>,
}

impl<'o, 'a> Operands<'o, 'a> {
    fn of(all: impl Iterator<Item = &'o Object<'a>>) -> Operands<'o, 'a> {
        let mut operands = Operands { first: [None; 6], last: None };
        for (place, object) in all.enumerate() {
            if let Some(own) = operands.first.get_mut(place) {
                *own = Some(object);
            }
            operands.last = Some(object);
        }
        operands
    }

    fn number(&self, place: usize) -> f64 {
        match self.first[place] {
            Some(Object::Number(number)) => number.as_f64(),
            _ => 0.0,
        }
    }

    fn six(&self) -> Matrix {
        std::array::from_fn(|place| self.number(place))
    }

    fn name(&self) -> Option<&'o [u8]> {
        match self.first[0] {
            Some(Object::Name(name)) => Some(bytes_of(name)),
            _ => None,
        }
    }
}

/// The nearest hundredth; of two as near the one away from zero. What is no number is zero.
fn hundredths(points: f64) -> i32 {
    let exact = (points * 100.0).clamp(-1e9, 1e9);
    // The cast cuts the fraction off; taking it away again is exact.
    let whole = exact as i32;
    let fraction = exact - f64::from(whole);
    whole + i32::from(fraction >= 0.5) - i32::from(fraction <= -0.5)
}

/// What is the same for all glyphs of a string.
struct Setting {
    /// From the glyph to the page, without the place.
    matrix: [f64; 4],
    direction: Direction,
    size: i32,
    vertical: bool,
    /// Lines run to the right and letters stand upright.
    upright: bool,
    /// The height the last glyph was set at, and what follows from it: whether it is outside the page, top, bottom and
    /// baseline.
    row: Option<(f64, Row)>,
}

#[derive(Clone, Copy)]
struct Row {
    off: bool,
    top: i32,
    bottom: i32,
    baseline: i32,
}

impl Setting {
    fn of(matrix: [f64; 4], vertical: bool) -> Setting {
        let (unit_x, unit_y) = if vertical { (-matrix[2], -matrix[3]) } else { (matrix[0], matrix[1]) };
        let direction = if unit_x.abs() > 5.0 * unit_y.abs() {
            if unit_x > 0.0 { Direction::Right } else { Direction::Left }
        } else if unit_y.abs() > 5.0 * unit_x.abs() {
            if unit_y > 0.0 { Direction::Down } else { Direction::Up }
        } else {
            Direction::Oblique
        };
        let size = hundredths((matrix[2] * matrix[2] + matrix[3] * matrix[3]).sqrt()).max(1);
        let straight = matrix[1] == 0.0 && matrix[2] == 0.0 && matrix[0].is_finite() && matrix[3].is_finite();
        let upright = !vertical && straight && direction == Direction::Right;
        Setting { matrix, direction, size, vertical, upright, row: None }
    }

    /// How high a glyph stands whose line lies at `y`: only for upright ones.
    fn row(&mut self, y: f64, visible: f64) -> Row {
        if let Some((own, row)) = self.row
            && own == y
        {
            return row;
        }
        let (low, high) = (self.matrix[3] * -BELOW + y, self.matrix[3] * ABOVE + y);
        let (top, bottom) = (low.min(high), low.max(high));
        let off = bottom < 0.0 || top > visible || !top.is_finite() || !bottom.is_finite();
        let row = Row { off, top: hundredths(top), bottom: hundredths(bottom), baseline: hundredths(y) };
        self.row = Some((y, row));
        row
    }
}

impl<'f> Interpreter<'f> {
    pub(super) fn new(fonts: &'f mut Fonts, budget: &'f mut usize, visible: (f64, f64)) -> Interpreter<'f> {
        Interpreter { fonts, budget, operators: 0, drawn: Drawn::default(), parts: Parts::default(), visible }
    }

    /// Follows a page's content; `matrix` leads from the page to its upper left corner.
    pub(super) fn page(mut self, page: &Dict<'_>, resources: &Resources<'_>, matrix: Matrix) -> Drawn {
        let mut content = Vec::new();
        if let Some(stream) = page.get::<Stream<'_>>("Contents") {
            self.unpack(&stream, &mut content);
        } else if let Some(streams) = page.get::<Array<'_>>("Contents") {
            for stream in streams.iter::<Stream<'_>>() {
                self.unpack(&stream, &mut content);
                content.push(b' ');
                if content.len() >= LARGEST_PAGE {
                    self.drawn.incomplete = true;
                    break;
                }
            }
        }
        let state = State {
            matrix,
            font: None,
            size: 1.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.follow(&content, resources, state, 0);
        self.drawn
    }

    fn unpack(&mut self, stream: &Stream<'_>, content: &mut Vec<u8>) {
        let room = LARGEST_PAGE.saturating_sub(content.len()).min(*self.budget);
        let (bytes, cut) = unpacked(stream, room);
        *self.budget -= bytes.len().min(*self.budget);
        self.drawn.incomplete |= cut;
        if content.is_empty() {
            *content = bytes;
        } else {
            content.extend_from_slice(&bytes);
        }
    }

    fn follow(&mut self, content: &[u8], resources: &Resources<'_>, first: State, depth: usize) {
        let mut forms: HashMap<Vec<u8>, Option<Stream<'_>>> = HashMap::new();
        let mut state = first;
        let mut saved: Vec<State> = Vec::new();
        let mut called: HashMap<Vec<u8>, Option<Rc<Font>>> = HashMap::new();
        let mut current: Option<(Vec<u8>, Option<Rc<Font>>)> = None;
        let identity = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let (mut place, mut line) = (identity, identity);
        let mut operations = UntypedIter::new(content);
        let next_line = |line: Matrix, x: f64, y: f64| multiply([1.0, 0.0, 0.0, 1.0, x, y], line);
        while let Some(instruction) = operations.next() {
            self.operators += 1;
            if self.operators > MOST_OPERATORS || self.drawn.glyphs.len() >= MOST_GLYPHS {
                self.drawn.incomplete = true;
                return;
            }
            let all = Operands::of(instruction.operands());
            let operator: &[u8] = instruction.operator;
            match operator {
                b"q" if saved.len() < DEEPEST_STATE => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = multiply(all.six(), state.matrix),
                b"BT" => (place, line) = (identity, identity),
                b"Tc" => state.character_space = all.number(0),
                b"Tw" => state.word_space = all.number(0),
                b"Tz" => state.scale = all.number(0) / 100.0,
                b"TL" => state.leading = all.number(0),
                b"Ts" => state.rise = all.number(0),
                b"Tf" => {
                    if let Some(name) = all.name() {
                        // Mostly it is the font of the string before.
                        if current.as_ref().is_none_or(|(own, _)| own != name) {
                            // A font without a number of its own is still read only once.
                            if !called.contains_key(name) {
                                let font = self.fonts.font(&resources.fonts, name, self.budget);
                                self.operators += font.as_ref().map_or(0, |font| font.cost());
                                called.insert(name.to_vec(), font);
                            }
                            current = Some((name.to_vec(), called.get(name).cloned().flatten()));
                        }
                        state.font = current.as_ref().and_then(|(_, font)| font.clone());
                    }
                    state.size = all.number(1);
                }
                b"Td" | b"TD" => {
                    let (x, y) = (all.number(0), all.number(1));
                    if operator == b"TD" {
                        state.leading = -y;
                    }
                    line = next_line(line, x, y);
                    place = line;
                }
                b"Tm" => {
                    line = all.six();
                    place = line;
                }
                b"T*" => {
                    line = next_line(line, 0.0, -state.leading);
                    place = line;
                }
                b"Tj" => self.show_object(all.first[0], &state, &mut place),
                b"'" | b"\"" => {
                    if operator == b"\"" {
                        (state.word_space, state.character_space) = (all.number(0), all.number(1));
                    }
                    line = next_line(line, 0.0, -state.leading);
                    place = line;
                    self.show_object(all.last, &state, &mut place);
                }
                b"TJ" => {
                    let Some(Object::Array(parts)) = all.first[0] else { continue };
                    let mut plain = std::mem::take(&mut self.parts);
                    if plain.read(parts.data()) {
                        for part in &plain.all {
                            match part {
                                Part::Shift(back) => place = state.shifted(place, *back),
                                Part::Text(at) => self.show(&plain.bytes[at.clone()], &state, &mut place),
                            }
                        }
                    } else {
                        for part in parts.iter::<Object<'_>>() {
                            match &part {
                                Object::Number(back) => place = state.shifted(place, back.as_f64()),
                                part => self.show_object(Some(part), &state, &mut place),
                            }
                        }
                    }
                    self.parts = plain;
                }
                b"BI" => self.drawn.pictures += 1,
                b"Do" => {
                    if let Some(name) = all.name() {
                        if !forms.contains_key(name) {
                            forms.insert(name.to_vec(), resources.forms.get::<Stream<'_>>(name));
                        }
                        if let Some(Some(form)) = forms.get(name) {
                            self.form(form, resources, &state, depth);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Follows a form, which is content of its own; a picture is counted.
    fn form(&mut self, stream: &Stream<'_>, resources: &Resources<'_>, state: &State, depth: usize) {
        let dictionary = stream.dict();
        let kind = dictionary.get::<Object<'_>>("Subtype").and_then(Object::into_name);
        match kind.as_deref() {
            Some(b"Image") => self.drawn.pictures += 1,
            Some(b"Form") if depth < DEEPEST_FORM => {
                let mut content = Vec::new();
                self.unpack(stream, &mut content);
                let mut inner = state.clone();
                if let Some(matrix) = dictionary.get::<Array<'_>>("Matrix") {
                    let values: Vec<f64> = matrix.iter::<f64>().take(6).collect();
                    if let Ok(matrix) = Matrix::try_from(values) {
                        inner.matrix = multiply(matrix, inner.matrix);
                    }
                }
                let own = dictionary.get::<Dict<'_>>("Resources").map(|own| Resources {
                    fonts: own.get::<Dict<'_>>("Font").unwrap_or_default(),
                    forms: own.get::<Dict<'_>>("XObject").unwrap_or_default(),
                });
                // What a form takes to read counts each time it is drawn: forms that draw forms come to an end.
                let named = own.as_ref().map_or(0, |own| own.fonts.data().len() + own.forms.data().len());
                let bytes = content.len() + dictionary.data().len() + named;
                self.operators += bytes / BYTES_OF_AN_OPERATOR;
                self.follow(&content, own.as_ref().unwrap_or(resources), inner, depth + 1);
            }
            Some(b"Form") => self.drawn.incomplete = true,
            _ => {}
        }
    }

    fn show_object(&mut self, string: Option<&Object<'_>>, state: &State, place: &mut Matrix) {
        if let Some(Object::String(string)) = string {
            self.show(string.as_bytes(), state, place);
        }
    }

    fn show(&mut self, string: &[u8], state: &State, place: &mut Matrix) {
        let Some(font) = &state.font else { return };
        let mut rest = string;
        if rest.is_empty() {
            return;
        }
        let sized = [state.size * state.scale, 0.0, 0.0, state.size, 0.0, state.rise];
        let [a, b, c, d, ..] = multiply(multiply(sized, *place), state.matrix);
        let mut setting = Setting::of([a, b, c, d], font.vertical);
        while !rest.is_empty() && self.drawn.glyphs.len() < MOST_GLYPHS {
            let start = self.drawn.text.len();
            let code = self.fonts.take(font, rest, &mut self.drawn.text);
            rest = &rest[code.length.clamp(1, rest.len())..];
            let (x, y) = (
                0.0 * place[0] + state.rise * place[2] + place[4],
                0.0 * place[1] + state.rise * place[3] + place[5],
            );
            let origin = apply(state.matrix, x, y);
            let spaces = state.character_space + if code.is_space { state.word_space } else { 0.0 };
            let (x, y) = if font.vertical {
                (0.0, -state.size + spaces)
            } else {
                ((code.width * state.size + spaces) * state.scale, 0.0)
            };
            if !code.known {
                self.drawn.unknown += 1;
                self.drawn.text.push('\u{fffd}');
            }
            let put = if setting.upright {
                self.put_upright(start, &mut setting, origin, code.width)
            } else {
                self.put(start, &setting, origin, code.width)
            };
            if !put {
                self.drawn.text.truncate(start);
            }
            (place[4], place[5]) =
                (x * place[0] + y * place[2] + place[4], x * place[1] + y * place[3] + place[5]);
        }
    }

    /// Adds a glyph of a line that runs to the right, unless it lies off the page: what [`Interpreter::put`] does, with
    /// what is the same for its whole line taken from there.
    fn put_upright(&mut self, start: usize, setting: &mut Setting, (x, y): (f64, f64), width: f64) -> bool {
        let row = setting.row(y, self.visible.1);
        let end = setting.matrix[0] * width + x;
        let (left, right) = (x.min(end), x.max(end));
        let off = right < 0.0 || left > self.visible.0 || !left.is_finite() || !right.is_finite();
        if off || row.off {
            return false;
        }
        let (from, to) = (hundredths(x), hundredths(end));
        self.drawn.glyphs.push(Glyph {
            text: (start as u32, self.drawn.text.len() as u32),
            direction: Direction::Right,
            from,
            to,
            baseline: row.baseline,
            size: setting.size,
            bounds: [from.min(to), row.top, from.max(to), row.bottom],
        });
        true
    }

    /// Adds a glyph, unless it lies off the page: that is printed nowhere.
    fn put(&mut self, start: usize, setting: &Setting, (x, y): (f64, f64), width: f64) -> bool {
        let [a, b, c, d] = setting.matrix;
        let matrix = [a, b, c, d, x, y];
        // In parts of the size: where the line runs, and the corners of the character.
        let (end, low, high, side) = if setting.vertical {
            ((0.0, -1.0), -1.0, 0.0, (-width / 2.0, width / 2.0))
        } else {
            ((width, 0.0), -BELOW, ABOVE, (0.0, width))
        };
        let (from_x, from_y) = apply(matrix, 0.0, 0.0);
        let (to_x, to_y) = apply(matrix, end.0, end.1);
        let corners =
            [(side.0, low), (side.1, low), (side.0, high), (side.1, high)].map(|(x, y)| apply(matrix, x, y));
        let fold = |pick: fn(f64, f64) -> f64, of: fn(&(f64, f64)) -> f64| {
            corners.iter().map(of).reduce(pick).unwrap_or(0.0)
        };
        let bounds = [
            fold(f64::min, |corner| corner.0),
            fold(f64::min, |corner| corner.1),
            fold(f64::max, |corner| corner.0),
            fold(f64::max, |corner| corner.1),
        ];
        let off =
            bounds[2] < 0.0 || bounds[3] < 0.0 || bounds[0] > self.visible.0 || bounds[1] > self.visible.1;
        if off || !bounds.iter().all(|side| side.is_finite()) {
            return false;
        }
        let (from, to, baseline) = match setting.direction {
            Direction::Right | Direction::Oblique => (from_x, to_x, from_y),
            Direction::Left => (-from_x, -to_x, -from_y),
            Direction::Down => (from_y, to_y, -from_x),
            Direction::Up => (-from_y, -to_y, from_x),
        };
        self.drawn.glyphs.push(Glyph {
            text: (start as u32, self.drawn.text.len() as u32),
            direction: setting.direction,
            from: hundredths(from),
            to: hundredths(to),
            baseline: hundredths(baseline),
            size: setting.size,
            bounds: bounds.map(hundredths),
        });
        true
    }
}
