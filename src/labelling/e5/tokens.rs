//! Text into the pieces that the encoder knows.

use std::{fmt, sync::Arc};

use tokenizers::{
    AddedToken, NormalizerWrapper, TokenizerImpl,
    models::unigram::Unigram,
    normalizers::{
        replace::{Replace, ReplacePattern},
        unicode::NFKC,
        utils::Sequence,
    },
    pre_tokenizers::metaspace::{Metaspace, PrependScheme},
    processors::template::TemplateProcessing,
};

use super::{E5File, Special};

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The vocabulary is not one.
    #[error("the tokeniser cannot be built: {0}")]
    Build(tokenizers::Error),
    /// The text could not be cut up.
    #[error("the text cannot be cut into tokens: {0}")]
    Text(tokenizers::Error),
}

type Inner = TokenizerImpl<Unigram, Sequence, Metaspace, TemplateProcessing, Metaspace>;

/// Cuts texts into pieces. Clones share one vocabulary.
#[derive(Clone)]
pub struct Tokeniser {
    inner: Arc<Inner>,
    special: Special,
}

impl Tokeniser {
    /// The tokeniser for the vocabulary of `file`.
    ///
    /// # Errors
    /// [`TokenError::Build`].
    pub fn new(file: &E5File) -> Result<Self, TokenError> {
        let special = file.special();
        let pieces = file.pieces();
        let scored = pieces.iter().map(|(piece, score)| (piece.clone(), f64::from(*score))).collect();
        let model = Unigram::from(scored, Some(special.unknown as usize), false).map_err(TokenError::Build)?;
        let mut inner = Inner::new(model);
        let single = |pattern: ReplacePattern| Replace::new(pattern, " ").map_err(TokenError::Build);
        let steps = Sequence::new(vec![
            NormalizerWrapper::NFKC(NFKC),
            single(ReplacePattern::String("\n".into()))?.into(),
            single(ReplacePattern::String("\t".into()))?.into(),
            single(ReplacePattern::Regex(" {2,}".into()))?.into(),
        ]);
        inner.with_normalizer(Some(steps)).map_err(TokenError::Build)?;
        inner.with_pre_tokenizer(Some(Metaspace::new('▁', PrependScheme::Always, true)));
        let mut ids = [special.bos, special.eos, special.pad, special.unknown];
        ids.sort_unstable();
        let names = ids.iter().filter_map(|id| pieces.get(*id as usize));
        inner
            .add_special_tokens(names.map(|(name, _)| AddedToken::from(name.clone(), true)))
            .map_err(TokenError::Build)?;
        Ok(Self { inner: Arc::new(inner), special })
    }

    /// The ids of `text` between those of its start and its end. Of a longer text the first pieces, so that there are
    /// `most` ids with these two, which are never left out.
    ///
    /// # Errors
    /// [`TokenError::Text`].
    pub fn ids(&self, text: &str, most: usize) -> Result<Vec<u32>, TokenError> {
        // Start and end by hand: there is one tokeniser for all lengths.
        let pieces = self.inner.encode_fast(text, false).map_err(TokenError::Text)?;
        let pieces = pieces.get_ids().iter().take(most.saturating_sub(2)).copied();
        Ok([self.special.bos].into_iter().chain(pieces).chain([self.special.eos]).collect())
    }
}

impl fmt::Debug for Tokeniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokeniser").field("special", &self.special).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::e5::file::tests::{PIECES, tiny};

    fn tokeniser() -> Tokeniser {
        Tokeniser::new(&E5File::from_bytes(tiny()).unwrap()).unwrap()
    }

    fn pieces(text: &str, most: usize) -> Vec<&'static str> {
        tokeniser().ids(text, most).unwrap().into_iter().map(|id| PIECES[id as usize]).collect()
    }

    #[test]
    fn texts_become_pieces() {
        assert_eq!(pieces("the school bus", 512), ["<s>", "▁the", "▁school", "▁bus", "</s>"]);
        assert_eq!(pieces("the\n\t  ﬁ", 512), ["<s>", "▁the", "▁", "<unk>", "</s>"]);
        assert_eq!(pieces("", 512), ["<s>", "</s>"]);
    }

    #[test]
    fn long_texts_are_cut_and_still_end() {
        assert_eq!(pieces("the school bus", 4), ["<s>", "▁the", "▁school", "</s>"]);
        for most in 0..3 {
            assert_eq!(pieces("the school bus", most), ["<s>", "</s>"]);
        }
    }

    #[test]
    fn clones_share_and_travel() {
        fn travels<T: Clone + Send + Sync + 'static>(_: &T) {}
        let tokeniser = tokeniser();
        travels(&tokeniser);
        assert!(Arc::ptr_eq(&tokeniser.inner, &tokeniser.clone().inner));
    }
}
