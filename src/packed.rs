//! Columns of numbers as the bytes of all of them, little-endian, in place of a list whose every number is written and read
//! on its own.
//!
//! For `#[serde(with = "crate::packed")]`.

use serde::{Deserializer, Serializer};

/// Numbers of a fixed size.
pub trait Column: Sized {
    /// Their bytes, one number after the other.
    fn to_bytes(&self) -> Vec<u8>;

    /// The numbers of these bytes; what is less than a whole number at their end is left out.
    fn from_bytes(bytes: Vec<u8>) -> Self;
}

impl Column for Vec<u8> {
    fn to_bytes(&self) -> Vec<u8> {
        self.clone()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes
    }
}

impl Column for Vec<i8> {
    fn to_bytes(&self) -> Vec<u8> {
        self.iter().map(|x| x.cast_unsigned()).collect()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes.into_iter().map(u8::cast_signed).collect()
    }
}

impl<const N: usize> Column for Vec<[i8; N]> {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_flattened().iter().map(|x| x.cast_unsigned()).collect()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes.as_chunks().0.iter().map(|row| row.map(u8::cast_signed)).collect()
    }
}

impl Column for Vec<u32> {
    fn to_bytes(&self) -> Vec<u8> {
        self.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes.as_chunks().0.iter().map(|&x| u32::from_le_bytes(x)).collect()
    }
}

/// A column as bytes.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<C: Column, S: Serializer>(column: &C, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&column.to_bytes())
}

/// A column from its bytes.
///
/// # Errors
/// Where it is something else.
pub fn deserialize<'de, C: Column, D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
    serde_bytes::deserialize(deserializer).map(C::from_bytes)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Columns {
        #[serde(with = "crate::packed")]
        bytes: Vec<u8>,
        #[serde(with = "crate::packed")]
        levels: Vec<i8>,
        #[serde(with = "crate::packed")]
        rows: Vec<[i8; 3]>,
        #[serde(with = "crate::packed")]
        bits: Vec<u32>,
    }

    #[test]
    fn what_was_written_is_read_and_what_is_no_column_is_not() {
        let columns = Columns {
            bytes: vec![0, 255],
            levels: vec![-96, 0, 7],
            rows: vec![[-1, 0, 1], [127, -128, 5]],
            bits: vec![0x89ab_cdef, 7],
        };
        let bytes = rmp_serde::to_vec(&columns).unwrap();
        assert_eq!(rmp_serde::from_slice::<Columns>(&bytes).unwrap(), columns);
        let other = rmp_serde::to_vec(&(true, [0_i8; 0], [0_i8; 0], [0_i8; 0])).unwrap();
        assert!(rmp_serde::from_slice::<Columns>(&other).is_err());
    }
}
