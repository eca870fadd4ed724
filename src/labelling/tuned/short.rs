//! A copy of the encoder in numbers of two bytes, for processors that multiply these many times quicker.

use rust_bert::bert::{BertEmbeddings, BertModel};
use tch::{Kind, Tensor, nn};

use super::net::configuration;
use crate::labelling::e5::E5File;

/// Forward and backward passes are done on this copy. The weights themselves stay in four bytes and are what the optimiser
/// changes: a step is often smaller than what a number of two bytes can tell apart.
pub(super) struct Short {
    vars: nn::VarStore,
    pub(super) bert: BertModel<BertEmbeddings>,
}

impl Short {
    /// A copy that [follows](Self::follow) `long` from now on.
    pub(super) fn new(long: &nn::VarStore, base: &E5File) -> Self {
        let mut vars = nn::VarStore::new(long.device());
        let bert = BertModel::<BertEmbeddings>::new_with_optional_pooler(vars.root(), &configuration(base), false);
        vars.bfloat16();
        let known = long.variables();
        for (name, mut var) in vars.variables() {
            let learns = known.get(&name).is_some_and(Tensor::requires_grad);
            let _ = var.requires_grad_(learns);
        }
        Self { vars, bert }
    }

    /// Takes over the weights of `long`.
    pub(super) fn follow(&self, long: &nn::VarStore) {
        let known = long.variables();
        tch::no_grad(|| {
            for (name, mut var) in self.vars.variables() {
                if let Some(from) = known.get(&name) {
                    var.copy_(from);
                }
            }
        });
    }

    /// Adds the gradients found on this copy to those of `long`, and forgets them here.
    pub(super) fn give_gradients(&self, long: &nn::VarStore) {
        let known = long.variables();
        // The derivative of this sum by a weight is the gradient that was found for its copy.
        let mut sum: Option<Tensor> = None;
        for (name, var) in self.vars.variables() {
            let mut gradient = var.grad();
            if let Some(to) = known.get(&name).filter(|_| gradient.defined()) {
                let term = (to * gradient.to_kind(Kind::Float)).sum(Kind::Float);
                sum = Some(match sum {
                    Some(sum) => sum + term,
                    None => term,
                });
                let _ = gradient.zero_();
            }
        }
        if let Some(sum) = sum {
            sum.backward();
        }
    }
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;
    use crate::labelling::{e5::file::tests::tiny, tuned::net::Net};

    fn cosine(one: &Tensor, two: &Tensor) -> f64 {
        let (one, two) = (one.view(-1).to_kind(Kind::Double), two.view(-1).to_kind(Kind::Double));
        (one.dot(&two) / (one.norm() * two.norm())).double_value(&[])
    }

    #[test]
    fn what_is_learnt_on_the_copy_is_learnt_by_the_encoder() {
        let base = E5File::from_bytes(tiny()).unwrap();
        let texts: [&[u32]; 2] = [&[0, 5, 6, 2], &[0, 8, 2]];
        let gradients = |short: bool| {
            let mut net = Net::new(&base, Device::Cpu).unwrap();
            tch::manual_seed(1);
            let mut vars: Vec<(String, Tensor)> = net.vars.variables().into_iter().collect();
            vars.sort_by(|a, b| a.0.cmp(&b.0));
            for (_, mut var) in vars {
                tch::no_grad(|| var.copy_(&(Tensor::randn(var.size(), (Kind::Float, Device::Cpu)) * 0.2)));
            }
            if short {
                net.shorten(&base);
            }
            net.forward(&texts, false).square().sum(Kind::Float).backward();
            net.gather();
            net.vars.variables()
        };
        let (long, short) = (gradients(false), gradients(true));
        let learns: Vec<&String> = long.iter().filter(|(_, var)| var.grad().defined()).map(|(name, _)| name).collect();
        assert!(learns.len() > 10, "{learns:?}");
        // The bias of the keys moves all weights of attention alike, so its gradient is nothing but rounding.
        for name in learns.into_iter().filter(|name| !name.ends_with("key.bias")) {
            let (one, two) = (long[name].grad(), short[name].grad());
            assert!(two.defined() && cosine(&one, &two) > 0.98, "{name}: {}", cosine(&one, &two));
        }
    }

    #[test]
    fn a_step_of_the_optimiser_reaches_the_copy() {
        let base = E5File::from_bytes(tiny()).unwrap();
        let mut net = Net::new(&base, Device::Cpu).unwrap();
        net.shorten(&base);
        let before = net.forward(&[&[0, 5, 2]], false);
        for (name, mut var) in net.vars.variables() {
            if name.contains("layer") {
                let _ = tch::no_grad(|| var.fill_(0.25));
            }
        }
        net.follow();
        let copied = net.forward(&[&[0, 5, 2]], false);
        net.lengthen();
        let whole = net.forward(&[&[0, 5, 2]], false);
        assert!(cosine(&copied, &whole) > 0.999 && (before - &whole).abs().sum(Kind::Float).double_value(&[]) > 0.0);
    }
}
