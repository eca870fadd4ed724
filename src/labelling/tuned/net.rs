//! The encoder and its linear layer on libtorch. One thread at a time; panics inside libtorch are the caller's to catch.

use std::collections::HashMap;

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::{
    Device, Kind, Tensor,
    nn::{self, Module},
};

use super::short::Short;
use crate::labelling::{
    classifier::LabellingError,
    e5::E5File,
    heads::{COLUMNS, Scores},
};

/// Tokens of one text that are read, its marks at both ends counted.
pub const MOST_TOKENS: usize = 256;
/// Chance with which a number is left out while teaching.
const DROPOUT: f64 = 0.1;
/// Least spread of a number, so that one that never changes is not blown up.
const LEAST_SPREAD: f64 = 1e-3;
/// The parameter group of the linear layer; the encoder's own is 0.
pub const LAYER_GROUP: usize = 1;
/// What the names of the linear layer and its standardisation begin with.
const LAYER: &str = "layer";

/// The encoder with its linear layer: token numbers in, one row of scores out.
pub struct Net {
    /// Every weight by its name.
    pub vars: nn::VarStore,
    bert: BertModel<BertEmbeddings>,
    layer: nn::Linear,
    mean: Tensor,
    spread: Tensor,
    /// Computes in its stead while it is taught.
    short: Option<Short>,
}

impl Net {
    /// The encoder as it was published, with a linear layer that says nothing yet.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`] if `base` lacks a weight or one has another shape.
    pub fn new(base: &E5File, device: Device) -> Result<Self, LabellingError> {
        let vars = nn::VarStore::new(device);
        let config = configuration(base);
        let bert = BertModel::<BertEmbeddings>::new_with_optional_pooler(vars.root(), &config, false);
        let of_encoder = vars.variables();
        let layer = vars.root().set_group(LAYER_GROUP) / LAYER;
        let size = config.hidden_size;
        let zeros = nn::LinearConfig { ws_init: nn::Init::Const(0.0), bs_init: Some(nn::Init::Const(0.0)), bias: true };
        let mean = layer.zeros_no_train("mean", &[size]);
        let spread = layer.ones_no_train("spread", &[size]);
        let layer = nn::linear(&layer, size, COLUMNS as i64, zeros);
        let mut net = Self { vars, bert, layer, mean, spread, short: None };
        let wanted = of_encoder.keys().cloned().collect::<Vec<_>>();
        net.put(base.tensors().map(|t| (t.name, t.shape, Tensor::from_slice(&t.values))), &wanted)?;
        // Words keep their meaning: a few thousand messages hold too few of them to change it.
        for (name, mut var) in net.vars.variables() {
            if name.starts_with("embeddings.") {
                let _ = var.requires_grad_(false);
            }
        }
        Ok(net)
    }

    /// Sets the weights called `wanted`, every one of which must be among `tensors` in its right shape.
    fn put(
        &mut self,
        tensors: impl Iterator<Item = (String, Vec<usize>, Tensor)>,
        wanted: &[String],
    ) -> Result<(), LabellingError> {
        let wrong =
            |name: &str| LabellingError::NotLoaded(format!("the encoder's weight {name} is missing or misshapen"));
        let mut variables = self.vars.variables();
        let mut missing: HashMap<&str, ()> = wanted.iter().map(|name| (name.as_str(), ())).collect();
        for (name, shape, tensor) in tensors {
            let Some(var) = variables.get_mut(&name) else { continue };
            let shape: Vec<i64> = shape.iter().map(|size| *size as i64).collect();
            if var.size() != shape || tensor.numel() != var.numel() {
                return Err(wrong(&name));
            }
            tch::no_grad(|| var.copy_(&tensor.view(shape.as_slice())));
            missing.remove(name.as_str());
        }
        missing.keys().next().map_or(Ok(()), |name| Err(wrong(name)))
    }

    /// Adds `changes` to the encoder's weights and sets those of the linear layer.
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`] if one does not fit.
    pub fn change(
        &mut self,
        changes: impl Iterator<Item = (String, Vec<usize>, Vec<f32>)>,
    ) -> Result<(), LabellingError> {
        let variables = self.vars.variables();
        let added: Vec<(String, Vec<usize>, Tensor)> = changes
            .map(|(name, shape, numbers)| {
                let numbers = Tensor::from_slice(&numbers);
                let tensor = match variables.get(&name).filter(|var| var.numel() == numbers.numel()) {
                    Some(var) if !of_layer(&name) => numbers + var.to_device(Device::Cpu).view(-1),
                    _ => numbers,
                };
                (name, shape, tensor)
            })
            .collect();
        let wanted: Vec<String> = variables.keys().filter(|name| of_layer(name)).cloned().collect();
        drop(variables);
        self.put(added.into_iter(), &wanted)
    }

    /// What [`Self::change`] would have to be given to come from `base` to this net: name, shape, numbers.
    #[must_use]
    pub fn changes(&self, base: &E5File) -> Vec<(String, Vec<usize>, Vec<f32>)> {
        let before: HashMap<String, Vec<f32>> = base.tensors().map(|tensor| (tensor.name, tensor.values)).collect();
        let mut changes = Vec::new();
        for (name, var) in self.vars.variables() {
            if name.starts_with("embeddings.") {
                continue;
            }
            let mut now = numbers(&var);
            if let Some(before) = before.get(&name) {
                now.iter_mut().zip(before).for_each(|(now, before)| *now -= before);
            }
            changes.push((name, var.size().iter().map(|size| *size as usize).collect(), now));
        }
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        changes
    }

    /// Sets the standardisation so that over `texts` each number of the encoder has mean 0 and spread 1: the encoder's
    /// vectors all point much the same way, and what parts them would be drowned by what they share.
    pub fn standardise(&mut self, texts: &[&[u32]]) {
        let _guard = tch::no_grad_guard();
        let all: Vec<Tensor> = texts.chunks(32).map(|batch| self.pooled(batch, false)).collect();
        let all = Tensor::cat(&all, 0);
        let mean = all.mean_dim(Some([0_i64].as_slice()), false, Kind::Float);
        let spread = all.std_dim(Some([0_i64].as_slice()), true, false).clamp_min(LEAST_SPREAD);
        self.mean.copy_(&mean);
        self.spread.copy_(&spread);
    }

    /// The mean over the tokens of each text: texts × hidden.
    fn pooled(&self, texts: &[&[u32]], train: bool) -> Tensor {
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(1).max(1);
        let mut ids = vec![0_i64; longest * texts.len()];
        let mut mask = vec![0_i64; longest * texts.len()];
        for (text, (ids, mask)) in texts.iter().zip(ids.chunks_mut(longest).zip(mask.chunks_mut(longest))) {
            for (token, (id, known)) in text.iter().zip(ids.iter_mut().zip(mask)) {
                *id = i64::from(*token);
                *known = 1;
            }
        }
        let shape = [texts.len() as i64, longest as i64];
        let device = self.vars.device();
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).view(shape).to_device(device);
        let (ids, mask) = (tensor(&ids), tensor(&mask));
        let bert = self.short.as_ref().map_or(&self.bert, |short| &short.bert);
        let words = match bert.forward_t(Some(&ids), Some(&mask), None, None, None, None, None, train) {
            Ok(output) => output.hidden_state.to_kind(Kind::Float),
            // Only for a mask of the wrong shape, which this one never is.
            Err(_) => return Tensor::zeros([shape[0], self.mean.numel() as i64], (Kind::Float, device)),
        };
        let mask = mask.to_kind(Kind::Float).unsqueeze(-1);
        let sum = |tensor: Tensor| tensor.sum_dim_intlist(Some([1_i64].as_slice()), false, Kind::Float);
        sum(words * &mask) / sum(mask)
    }

    /// From now on the encoder computes in numbers of two bytes.
    pub fn shorten(&mut self, base: &E5File) {
        let short = Short::new(&self.vars, base);
        short.follow(&self.vars);
        self.short = Some(short);
    }

    /// Ends what [`Self::shorten`] began.
    pub fn lengthen(&mut self) {
        self.short = None;
    }

    /// Puts the gradients where the optimiser looks for them; to be called after every backward pass.
    pub fn gather(&self) {
        if let Some(short) = &self.short {
            short.give_gradients(&self.vars);
        }
    }

    /// To be called after every change of the weights.
    pub fn follow(&self) {
        if let Some(short) = &self.short {
            short.follow(&self.vars);
        }
    }

    /// Raw scores of each text: texts × [`COLUMNS`].
    pub fn forward(&self, texts: &[&[u32]], train: bool) -> Tensor {
        let standard = (self.pooled(texts, train) - &self.mean) / &self.spread;
        self.layer.forward(&standard.dropout(DROPOUT, train))
    }

    /// As [`Self::forward`], without learning, as numbers. None if a score is not finite.
    #[must_use]
    pub fn scores(&self, texts: &[&[u32]]) -> Option<Vec<Scores>> {
        let _guard = tch::no_grad_guard();
        let scores = numbers(&self.forward(texts, false));
        if scores.len() != texts.len() * COLUMNS || scores.iter().any(|score| !score.is_finite()) {
            return None;
        }
        let row = |row: &[f32]| {
            let mut scores = [0.0; COLUMNS];
            scores.iter_mut().zip(row).for_each(|(score, value)| *score = f64::from(*value));
            scores
        };
        Some(scores.chunks_exact(COLUMNS).map(row).collect())
    }
}

/// What the net is built from.
pub(super) fn configuration(base: &E5File) -> BertConfig {
    let shape = base.configuration();
    BertConfig {
        hidden_act: rust_bert::Activation::gelu,
        attention_probs_dropout_prob: DROPOUT,
        hidden_dropout_prob: DROPOUT,
        hidden_size: shape.hidden as i64,
        initializer_range: 0.02,
        intermediate_size: shape.intermediate as i64,
        max_position_embeddings: shape.positions as i64,
        num_attention_heads: shape.heads as i64,
        num_hidden_layers: shape.layers as i64,
        type_vocab_size: shape.types as i64,
        vocab_size: shape.vocabulary as i64,
        output_attentions: None,
        output_hidden_states: None,
        is_decoder: None,
        id2label: None,
        label2id: None,
    }
}

fn of_layer(name: &str) -> bool {
    name.split('.').next() == Some(LAYER)
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    let flat = tensor.detach().to_device(Device::Cpu).to_kind(Kind::Float).contiguous().view(-1);
    Vec::<f32>::try_from(flat).unwrap_or_default()
}
