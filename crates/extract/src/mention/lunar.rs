use shiliu_lang::Table;
use shiliu_text::Date;

use super::moment::date;

/// The day of the common calendar for a day of the lunisolar one, after a table of years (`lunar.tsv`: year,
/// day of its first day, number of the month before the leap month, month lengths). `day` 0 is the month's
/// last. `None` outside the table, or where the month has no such day.
pub(super) fn to_common(table: &Table, year: i32, month: u8, leap: bool, day: u8) -> Option<Date> {
    let (first, index, lengths) = month_of(table, year, month, leap)?;
    let before: i32 = lengths.bytes().take(index).map(length).sum();
    let days = length(*lengths.as_bytes().get(index)?);
    let day = if day == 0 { days } else { i32::from(day) };
    (day <= days).then(|| first.plus_days(before + day - 1)).flatten()
}

/// First and last day of a whole month.
pub(super) fn whole_month(table: &Table, year: i32, month: u8, leap: bool) -> Option<(Date, Date)> {
    Some((to_common(table, year, month, leap, 1)?, to_common(table, year, month, leap, 0)?))
}

fn length(bit: u8) -> i32 {
    if bit == b'1' { 30 } else { 29 }
}

/// First day of the year, place of the month in it, and the lengths of its months.
fn month_of(table: &Table, year: i32, month: u8, leap: bool) -> Option<(Date, usize, &str)> {
    let first_year: i32 = table.rows.first()?.first()?.parse().ok()?;
    let row = table.rows.get(usize::try_from(year - first_year).ok()?)?;
    let mut parts = row.get(1)?.split('-').filter_map(|part| part.parse::<u8>().ok());
    let first = date(year, parts.next()?, parts.next()?)?;
    let leap_after: u8 = row.get(2)?.parse().ok()?;
    if leap && leap_after != month || !(1..=12).contains(&month) {
        return None;
    }
    let shifted = leap || leap_after != 0 && month > leap_after;
    Some((first, usize::from(month) - 1 + usize::from(shifted), row.get(3)?))
}
