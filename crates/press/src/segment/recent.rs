//! What a stream speaks of now: the products of the vectors of its last units are kept, so that neither its own vector
//! nor its product with each piece is made anew.

use shiliu_lang::Subject;

use super::evidence::Topics;

/// How many units of a stream say what it speaks of: equal for all, so that long streams and short ones compare.
pub(super) const RECENT: usize = 6;

/// Products of each pair of units, one unit with itself among them.
const PRODUCTS: usize = RECENT * (RECENT + 1) / 2;

/// The first unit of a stream and its last ones.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    units: Vec<usize>,
    vector: Vector,
    /// Length of the vector.
    length: i64,
}

/// The sum of the units' vectors.
#[derive(Clone, Debug)]
enum Vector {
    /// By the products of its parts: those of the second with the first and with itself stand behind that of the
    /// first with itself, and so on.
    Parts([i64; PRODUCTS]),
    /// Of more units than that, or of texts so long that the sum reaches its bound.
    Whole(Box<Subject>),
}

/// The place of a product, `one` being no greater than `other`.
fn place(one: usize, other: usize) -> usize {
    other * (other + 1) / 2 + one
}

impl Recent {
    /// Of a stream's first units.
    pub(super) fn of(units: Vec<usize>, topics: &Topics, near: &mut Near) -> Recent {
        let mut products = [0; PRODUCTS];
        if near.is_plain(topics, &units) {
            for (at, unit) in units.iter().enumerate() {
                for (before, other) in units[..=at].iter().enumerate() {
                    products[place(before, at)] = topics.subject(*unit).product(topics.subject(*other));
                }
            }
            return Recent::by_parts(units, products);
        }
        Recent::whole(units, topics)
    }

    /// With the unit that [`Near`] is about.
    pub(super) fn with(&self, topics: &Topics, near: &mut Near) -> Recent {
        let mut units = Vec::with_capacity(self.units.len() + 1);
        units.extend_from_slice(&self.units);
        units.push(near.unit);
        // The first stays: head or opening paragraph name the subject.
        let dropped = (units.len() > RECENT).then(|| units.remove(1)).is_some();
        let Vector::Parts(old) = &self.vector else { return Recent::whole(units, topics) };
        if !near.is_plain(topics, &units) {
            return Recent::whole(units, topics);
        }
        let mut products = [0; PRODUCTS];
        let last = units.len() - 1;
        let of_old = |at: usize| at + usize::from(dropped && at > 0);
        for at in 0..last {
            for before in 0..=at {
                products[place(before, at)] = old[place(of_old(before), of_old(at))];
            }
        }
        for (before, unit) in units.iter().enumerate() {
            products[place(before, last)] = near.product(topics, *unit);
        }
        Recent::by_parts(units, products)
    }

    fn by_parts(units: Vec<usize>, products: [i64; PRODUCTS]) -> Recent {
        let row = |at: usize| {
            2 * products[place(0, at)..place(at, at)].iter().sum::<i64>() + products[place(at, at)]
        };
        let square: i64 = (0..units.len()).map(row).sum();
        Recent { units, vector: Vector::Parts(products), length: square.isqrt() }
    }

    fn whole(units: Vec<usize>, topics: &Topics) -> Recent {
        let subject = topics.subject_of(units.iter().copied());
        Recent { units, length: subject.length(), vector: Vector::Whole(Box::new(subject)) }
    }

    /// The units, in order.
    pub(super) fn units(&self) -> &[usize] {
        &self.units
    }

    /// How near they are in subject to the unit that [`Near`] is about, as [`Subject::nearness`].
    pub(super) fn nearness(&self, topics: &Topics, near: &mut Near) -> Option<i32> {
        let product = match &self.vector {
            Vector::Parts(_) => self.units.iter().map(|unit| near.product(topics, *unit)).sum(),
            Vector::Whole(subject) => subject.product(topics.subject(near.unit)),
        };
        Subject::nearness_by((self.length, near.length), product)
    }
}

/// The products of one unit's vector with those of others, each made once.
pub(super) struct Near {
    unit: usize,
    /// Length of its vector.
    length: i64,
    /// Counts the units that this was about.
    turn: u32,
    /// For each unit the product, and the turn in which it was made.
    products: Vec<(u32, i64)>,
    /// For each unit its largest figure, once it was asked for.
    largest: Vec<Option<i32>>,
}

impl Near {
    /// For so many units.
    pub(super) fn of(units: usize) -> Near {
        Near { unit: 0, length: 0, turn: 0, products: vec![(0, 0); units], largest: vec![None; units] }
    }

    /// From now on this is about `unit`.
    pub(super) fn begin(&mut self, topics: &Topics, unit: usize) {
        self.unit = unit;
        self.turn += 1;
        self.length = self.product(topics, unit).isqrt();
    }

    fn product(&mut self, topics: &Topics, other: usize) -> i64 {
        let known = &mut self.products[other];
        if known.0 != self.turn {
            *known = (self.turn, topics.subject(self.unit).product(topics.subject(other)));
        }
        known.1
    }

    /// Whether products of sums are sums of products for these units, and there are no more than [`RECENT`].
    fn is_plain(&mut self, topics: &Topics, units: &[usize]) -> bool {
        let largest = &mut self.largest;
        let mut of =
            |unit: usize| i64::from(*largest[unit].get_or_insert_with(|| topics.subject(unit).largest()));
        units.len() <= RECENT && Subject::is_plain_sum(units.iter().map(|unit| of(*unit)).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::super::repeats::Repeats;
    use super::*;

    #[test]
    fn products_of_parts_are_those_of_the_whole() {
        let texts: Vec<Vec<char>> = [
            "青禾大桥昨天建成通车，两岸居民往来的时间缩短一半。",
            "明河图书馆昨天开馆，首日接待读者两千人次。",
            "球队赢得比赛，夺得冠军，教练和选手庆祝。",
            "农民收获粮食，化肥价格下降。",
            "qqq",
            "图书馆藏书三十万册，读者可以通借通还。",
            "河口戏曲节持续十天，六个剧团登台演出。",
            "医院开设新的门诊，医生和护士增加一倍。",
        ]
        .iter()
        .map(|text| text.chars().collect())
        .collect();
        let slices: Vec<&[char]> = texts.iter().map(Vec::as_slice).collect();
        let topics = Topics::of(&slices, &Repeats::of(&slices));
        let mut near = Near::of(texts.len());
        let mut units = vec![0, 1];
        let mut recent = Recent::of(units.clone(), &topics, &mut near);
        for unit in 2..texts.len() {
            near.begin(&topics, unit);
            let whole = topics.subject_of(units.iter().copied());
            assert_eq!(recent.nearness(&topics, &mut near), whole.nearness(topics.subject(unit)), "{unit}");
            recent = recent.with(&topics, &mut near);
            units.push(unit);
            if units.len() > RECENT {
                units.remove(1);
            }
            assert_eq!(recent.units(), units);
            assert_eq!(recent.length, topics.subject_of(units.iter().copied()).length());
            assert!(matches!(recent.vector, Vector::Parts(_)));
        }
        let many = Recent::of((0..texts.len()).collect(), &topics, &mut near);
        assert_eq!(many.length, topics.subject_of(0..texts.len()).length());
        assert!(matches!(many.with(&topics, &mut near).vector, Vector::Whole(_)));
    }
}
