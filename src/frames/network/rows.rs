//! Rows of numbers with rows of zeros before and behind them: a layer may look beyond the ends and sees nothing there.

/// Rows of equal width.
pub(super) struct Rows<T> {
    width: usize,
    /// Rows of zeros on either side.
    margin: usize,
    numbers: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    /// No rows yet.
    pub fn new(width: usize, margin: usize) -> Self {
        Self { width, margin, numbers: vec![] }
    }

    /// Makes room for `rows`, which hold whatever was there before.
    pub fn resize(&mut self, rows: usize) {
        let margin = self.margin * self.width;
        self.numbers.resize(2 * margin + rows * self.width, T::default());
        let end = self.numbers.len() - margin;
        self.numbers[..margin].fill(T::default());
        self.numbers[end..].fill(T::default());
    }

    /// The rows themselves.
    pub fn inner(&self) -> &[T] {
        self.from(0, self.numbers.len() / self.width - 2 * self.margin)
    }

    /// The rows themselves.
    pub fn inner_mut(&mut self) -> &mut [T] {
        let (margin, n) = (self.margin * self.width, self.numbers.len());
        &mut self.numbers[margin..n - margin]
    }

    /// `rows` rows, the first of them `before` rows before the first one of all.
    ///
    /// # Panics
    /// Where that is beyond the margins.
    pub fn from(&self, before: usize, rows: usize) -> &[T] {
        let first = (self.margin - before) * self.width;
        &self.numbers[first..first + rows * self.width]
    }
}
