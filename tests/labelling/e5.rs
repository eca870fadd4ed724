//! The encoder's file as it is fetched. Skipped where `models/encoder` has not been.
use std::{collections::HashMap, fs, path::Path};

use heard::labelling::e5::{E5File, Special, Tensor, Tokeniser};
use serde::Deserialize;

fn file() -> Option<E5File> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/encoder/e5-small-enpt-q4.bin");
    if !path.exists() {
        println!("skipped: models/encoder/e5-small-enpt-q4.bin is not there; `make models` fetches it");
        return None;
    }
    Some(E5File::read(&path).unwrap())
}

/// A text, and its ids by the tokeniser that Python's tokenizers 0.23 builds from the same pieces.
#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
}

#[test]
fn texts_become_the_ids_of_the_reference() {
    let Some(file) = file() else { return };
    let tokeniser = Tokeniser::new(&file).unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/e5_tokens.jsonl");
    let mut count = 0;
    for line in fs::read_to_string(cases).unwrap().lines() {
        let Case { text, ids } = serde_json::from_str(line).unwrap();
        assert_eq!(tokeniser.ids(&text, usize::MAX).unwrap(), ids, "{text:?}");
        let cut = tokeniser.ids(&text, 8).unwrap();
        assert_eq!(cut.len(), ids.len().min(8), "{text:?}");
        assert_eq!((cut.first(), cut.last()), (ids.first(), ids.last()), "{text:?}");
        assert!(ids.starts_with(cut.split_last().unwrap().1), "{text:?}");
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn the_model_has_its_shape_and_its_weights() {
    let Some(file) = file() else { return };
    let shape = file.configuration();
    assert_eq!((shape.hidden, shape.layers, shape.heads, shape.intermediate), (384, 12, 12, 1536));
    assert_eq!((shape.vocabulary, shape.positions, shape.types, shape.epsilon), (47_284, 512, 2, 1e-12));
    assert_eq!(file.special(), Special { bos: 0, eos: 2, pad: 1, unknown: 3 });
    assert_eq!(file.pieces().len(), shape.vocabulary);

    let mut tensors = HashMap::new();
    for tensor in file.tensors() {
        assert_eq!(tensor.values.len(), tensor.shape.iter().product::<usize>(), "{}", tensor.name);
        tensors.insert(tensor.name.clone(), tensor);
    }
    assert_eq!(tensors.len(), 5 + 12 * 16);
    for (name, shape, sum) in SUMS {
        let Tensor { shape: found, values, .. } = &tensors[*name];
        assert_eq!(found, shape, "{name}");
        let total: f64 = values.iter().map(|value| f64::from(value.abs())).sum();
        assert!((total / sum - 1.0).abs() < 1e-9, "{name}: {total}");
    }
}

/// Sums of the weights without their signs, which nearly cancel each other out: found by numpy in the same model as safetensors.
const SUMS: &[(&str, &[usize], f64)] = &[
    ("embeddings.word_embeddings.weight", &[47284, 384], 1215321.185951233),
    ("embeddings.position_embeddings.weight", &[512, 384], 3992.620787680),
    ("embeddings.token_type_embeddings.weight", &[2, 384], 15.815297842),
    ("embeddings.LayerNorm.weight", &[384], 167.106689453),
    ("encoder.layer.0.attention.self.query.weight", &[384, 384], 11567.139663696),
    ("encoder.layer.5.attention.output.dense.weight", &[384, 384], 5913.373279572),
    ("encoder.layer.7.intermediate.dense.weight", &[1536, 384], 34662.860797882),
    ("encoder.layer.11.output.dense.weight", &[384, 1536], 2725.954890728),
    ("encoder.layer.11.output.dense.bias", &[384], 16.160171509),
    ("encoder.layer.11.output.LayerNorm.bias", &[384], 35.169804096),
];
