//! The weights file `bezet-ear/1`: one line of JSON, then the tensors' numbers one after the other, little-endian.
//!
//! A matrix is stored as signed bytes with one step (`scale`) for each column, all else as half-precision floats. The format's
//! words are `training/ARCHITECTURE.md`; `training/export.py` writes it.

use serde::Deserialize;

/// Why bytes are not a network's weights.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The first line is not the expected JSON.
    #[error("the weights' header: {0}")]
    Header(#[from] serde_json::Error),
    /// Another format than `bezet-ear/1` or another number of bands.
    #[error("weights of format {format} for {bands} bands cannot be used")]
    Foreign {
        /// What the header says.
        format: String,
        /// Likewise.
        bands: usize,
    },
    /// The bytes end before the tensors do, or go on after them.
    #[error("the weights are {have} bytes long where their header wants {want}")]
    Length {
        /// Bytes after the header.
        have: usize,
        /// Bytes that the tensors take.
        want: usize,
    },
    /// A layer is missing or does not fit its neighbours.
    #[error("the weights' tensor {0} is missing or of the wrong shape")]
    Tensor(String),
}

/// First line of the weights file.
#[derive(Deserialize)]
pub(super) struct Header {
    pub format: String,
    pub bands: usize,
    pub fine: Vec<usize>,
    pub coarse: Vec<usize>,
    pub merged: Vec<usize>,
    pub tensors: Vec<Tensor>,
}

/// One array of the weights file.
#[derive(Deserialize)]
pub(super) struct Tensor {
    name: String,
    shape: Vec<usize>,
    /// Steps of a matrix's signed bytes, one for each column; half-precision floats where absent.
    scale: Option<Vec<f32>>,
}

/// A matrix of signed bytes, row by row, and what a step is worth in each column.
pub(super) struct Matrix {
    pub values: Vec<i8>,
    pub scale: Vec<f32>,
}

/// The tensors of a weights file, each with its bytes, handed out by name.
pub(super) struct Tensors<'a>(Vec<(Tensor, &'a [u8])>);

impl<'a> Tensors<'a> {
    /// Takes the bytes apart as the header lists them.
    pub fn new(list: Vec<Tensor>, data: &'a [u8]) -> Result<Self, WeightsError> {
        let bytes = |t: &Tensor| {
            let numbers = t.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))?;
            numbers.checked_mul(if t.scale.is_some() { 1 } else { 2 })
        };
        let want = list.iter().try_fold(0usize, |n, t| n.checked_add(bytes(t)?));
        if want != Some(data.len()) {
            return Err(WeightsError::Length { have: data.len(), want: want.unwrap_or(usize::MAX) });
        }
        let mut rest = data;
        let read = list.into_iter().map(|tensor| {
            let (mine, after) = rest.split_at(bytes(&tensor).unwrap_or(0));
            rest = after;
            (tensor, mine)
        });
        Ok(Self(read.collect()))
    }

    /// The matrix `name` of so many rows.
    pub fn take_matrix(&mut self, name: &str, rows: usize) -> Result<Matrix, WeightsError> {
        let (tensor, bytes) = self.named(name, &[Some(rows), None])?;
        match tensor.scale {
            Some(scale) if scale.len() == tensor.shape[1] => {
                Ok(Matrix { values: bytes.iter().map(|&byte| byte as i8).collect(), scale })
            }
            _ => Err(WeightsError::Tensor(name.into())),
        }
    }

    /// The floats `name`, where their shape has these lengths.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let shape: Vec<_> = shape.iter().copied().map(Some).collect();
        match self.named(name, &shape)? {
            (Tensor { scale: None, .. }, bytes) => {
                Ok(bytes.as_chunks().0.iter().map(|&b| half(u16::from_le_bytes(b))).collect())
            }
            _ => Err(WeightsError::Tensor(name.into())),
        }
    }

    /// The tensor `name`, where its shape has these lengths (any, where none is given).
    fn named(&mut self, name: &str, shape: &[Option<usize>]) -> Result<(Tensor, &'a [u8]), WeightsError> {
        let fits = |t: &Tensor| {
            t.shape.len() == shape.len() && t.shape.iter().zip(shape).all(|(&d, want)| want.is_none_or(|w| w == d))
        };
        let at = self.0.iter().position(|(t, _)| t.name == name && fits(t));
        Ok(self.0.swap_remove(at.ok_or_else(|| WeightsError::Tensor(name.into()))?))
    }
}

/// An IEEE 754 half-precision number; infinities and NaN do not occur in weights and read as large numbers.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        _ => sign * (1.0 + fraction / 1_024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Network, WEIGHTS};
    use super::*;

    #[test]
    fn damaged_weights_are_refused() {
        assert!(matches!(Network::read(b""), Err(WeightsError::Header(_))));
        assert!(matches!(Network::read(&WEIGHTS[..WEIGHTS.len() - 1]), Err(WeightsError::Length { .. })));
        let line = WEIGHTS.iter().position(|&b| b == b'\n').unwrap();
        let swap = |from: &str, to: &str| {
            let header = std::str::from_utf8(&WEIGHTS[..line]).unwrap().replace(from, to);
            [header.as_bytes(), &WEIGHTS[line..]].concat()
        };
        assert!(matches!(Network::read(&swap("bezet-ear/1", "other")), Err(WeightsError::Foreign { .. })));
        assert!(matches!(Network::read(&swap("head.weight", "feet.weight")), Err(WeightsError::Tensor(_))));
    }

    #[test]
    fn half_precision_reads_as_it_was_written() {
        for (bits, value) in [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0, 0.0)]
        {
            assert_eq!(half(bits), value);
        }
    }
}
