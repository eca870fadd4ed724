//! The weights in an E5S1 file: their names, their shapes, and how they are packed.

use super::file::Configuration;

/// Weights that share one scale.
pub(super) const GROUP: usize = 32;
/// A scale of two bytes, and the group's weights in four bits each.
pub(super) const GROUP_BYTES: usize = 2 + GROUP / 2;

/// Some of the weights, under the name that rust-bert's `BertModel` gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// As in `encoder.layer.0.attention.self.query.weight`.
    pub name: String,
    /// Rows and columns, or the length alone.
    pub shape: Vec<usize>,
    /// Row after row.
    pub values: Vec<f32>,
}

pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) short: String,
    pub(super) shape: Vec<usize>,
}

/// Each tensor of the model: its name there, its name in the file, and its shape.
pub(super) fn wanted(configuration: &Configuration) -> Vec<Wanted> {
    let Configuration { hidden, layers, intermediate, vocabulary, positions, types, .. } = *configuration;
    let mut all = Vec::new();
    let mut want = |name: String, short: String, shape: &[usize]| {
        all.push(Wanted { name, short, shape: shape.to_vec() });
    };
    for (name, short, rows) in
        [("word", "word", vocabulary), ("position", "pos", positions), ("token_type", "type", types)]
    {
        want(format!("embeddings.{name}_embeddings.weight"), format!("emb.{short}"), &[rows, hidden]);
    }
    for (name, short) in [("weight", "w"), ("bias", "b")] {
        want(format!("embeddings.LayerNorm.{name}"), format!("emb.ln.{short}"), &[hidden]);
    }
    for layer in 0..layers {
        for (name, short, rows, columns) in [
            ("attention.self.query", "q", hidden, hidden),
            ("attention.self.key", "k", hidden, hidden),
            ("attention.self.value", "v", hidden, hidden),
            ("attention.output.dense", "ao", hidden, hidden),
            ("intermediate.dense", "fi", intermediate, hidden),
            ("output.dense", "fo", hidden, intermediate),
        ] {
            want(format!("encoder.layer.{layer}.{name}.weight"), format!("l{layer}.{short}.w"), &[rows, columns]);
            want(format!("encoder.layer.{layer}.{name}.bias"), format!("l{layer}.{short}.b"), &[rows]);
        }
        for (name, short) in [("attention.output", "aln"), ("output", "oln")] {
            want(format!("encoder.layer.{layer}.{name}.LayerNorm.weight"), format!("l{layer}.{short}.w"), &[hidden]);
            want(format!("encoder.layer.{layer}.{name}.LayerNorm.bias"), format!("l{layer}.{short}.b"), &[hidden]);
        }
    }
    all
}

pub(super) fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four))
}

/// Each group: its scale, then sixteen bytes whose low halves are its first sixteen weights and whose high halves are
/// its last sixteen, each a whole number from -8 to 7.
pub(super) fn unpack(bytes: &[u8]) -> Vec<f32> {
    let (groups, _) = bytes.as_chunks::<GROUP_BYTES>();
    let mut values = Vec::with_capacity(groups.len() * GROUP);
    for [low, high, weights @ ..] in groups {
        let scale = half([*low, *high]);
        let steps: [f32; 16] = std::array::from_fn(|step| (step as f32 - 8.0) * scale);
        // Four bits are an index into sixteen steps.
        values.extend(weights.iter().map(|pair| steps[usize::from(pair & 15)]));
        values.extend(weights.iter().map(|pair| steps[usize::from(pair >> 4)]));
    }
    values
}

/// A number of IEEE 754's sixteen bits.
pub(super) fn half(bytes: [u8; 2]) -> f32 {
    let bits = u32::from(u16::from_le_bytes(bytes));
    let (sign, exponent, fraction) = ((bits >> 15) << 31, (bits >> 10) & 31, bits & 1023);
    match exponent {
        0 => f32::from_bits(sign | (fraction as f32 * 2.0_f32.powi(-24)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_exactly() {
        let cases = [(0x0000, 0.0), (0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x0001, 5.960_464_5e-8)];
        for (bits, number) in cases.into_iter().chain([(0x03ff, 6.097_555e-5), (0x0400, 6.103_515_6e-5)]) {
            assert_eq!(half(u16::to_le_bytes(bits)), number, "{bits:x}");
        }
        assert!(half(u16::to_le_bytes(0x8000)).is_sign_negative());
        assert_eq!(half(u16::to_le_bytes(0xfc00)), f32::NEG_INFINITY);
        assert!(half(u16::to_le_bytes(0x7c01)).is_nan());
    }
}
