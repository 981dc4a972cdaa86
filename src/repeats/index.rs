//! Where half a row's bits were seen before.
//!
//! After Haitsma and Kalker (2002), "A Highly Robust Audio Fingerprinting System", ISMIR: sub-words that survive without an
//! error lead to the places that are worth a look. Of a prompt through another codec or another call, about ten half rows
//! a second do, and three in the worst of a hundred.

use super::rows::Rows;

/// A word that is found at more places than this tells nothing, and no further place is kept.
const MAX_PLACES: usize = 48;

/// A row of a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which sound.
    pub source: u32,
    /// Which of its rows.
    pub row: u32,
}

/// An inverted index from half rows to places.
pub struct Index {
    places: Vec<Vec<Place>>,
    rows: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self { places: vec![Vec::new(); 1 << 17], rows: 0 }
    }
}

/// The two halves of a row, told apart by their seventeenth bit.
fn words(bits: u32) -> [usize; 2] {
    [(bits & 0xffff) as usize, 1 << 16 | (bits >> 16) as usize]
}

impl Index {
    /// Notes row `row` of `source`, unless nothing sounds in it.
    pub fn insert(&mut self, source: usize, rows: &Rows, row: usize) {
        if !rows.is_live(row) {
            return;
        }
        self.rows += 1;
        for word in words(rows.bits(row)) {
            let places = &mut self.places[word];
            if places.len() < MAX_PLACES {
                places.push(Place { source: source as u32, row: row as u32 });
            }
        }
    }

    /// How many rows it has noted.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The places that look like row `row`; none where nothing sounds in it.
    pub fn look_up(&self, rows: &Rows, row: usize) -> impl Iterator<Item = Place> + '_ {
        let is_live = rows.is_live(row);
        let places = |word: usize| if is_live { self.places[word].as_slice() } else { &[] };
        let [low, high] = words(rows.bits(row));
        places(low).iter().chain(places(high)).copied()
    }
}
