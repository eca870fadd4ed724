//! Reading an E5S1 file. All numbers are little-endian; what the file says of itself is believed only once checked.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    ops::Range,
    path::Path,
};

use super::weights::{GROUP, GROUP_BYTES, Tensor, Wanted, floats, half, unpack, wanted};

/// Ten times the file that is meant: a mistaken path must not fill the memory.
const MOST_BYTES: usize = 256 << 20;
const MAGIC: [u8; 8] = *b"E5S1\x01\0\0\0";
const LONGEST_PIECE: usize = 256;
const LONGEST_NAME: usize = 64;
const MOST_TENSORS: usize = 4_096;

/// Why a file is not the encoder's.
#[derive(Debug, thiserror::Error)]
pub enum E5Error {
    /// It is missing or unreadable.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is far larger than any encoder that is meant.
    #[error("it is larger than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    /// It starts otherwise.
    #[error("it is not an E5S1 file of version 1")]
    Kind,
    /// It ends too early.
    #[error("it is cut short, or broken, at its {0}")]
    Cut(&'static str),
    /// A part of it contradicts another, or is beyond all bounds.
    #[error("its {0} cannot be right")]
    Wrong(&'static str),
    /// One of its tensors is missing or broken.
    #[error("its tensor {name} {why}")]
    Tensor {
        /// The tensor's name in the file.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// The shape of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Configuration {
    /// Numbers in one hidden state.
    pub hidden: usize,
    /// Layers of the encoder.
    pub layers: usize,
    /// Attention heads of one layer.
    pub heads: usize,
    /// Numbers in the middle of a feed-forward block.
    pub intermediate: usize,
    /// Pieces in the vocabulary.
    pub vocabulary: usize,
    /// Tokens that one text may have.
    pub positions: usize,
    /// Token types.
    pub types: usize,
    /// What the layer norms add to a variance.
    pub epsilon: f32,
}

/// Pieces that stand for no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Special {
    /// Starts each text.
    pub bos: u32,
    /// Ends each text.
    pub eos: u32,
    /// Fills up the shorter texts of a batch.
    pub pad: u32,
    /// What the vocabulary does not have.
    pub unknown: u32,
}

/// Where a tensor stands in the file.
#[derive(Debug)]
struct Place {
    name: String,
    shape: Vec<usize>,
    packed: bool,
    at: Range<usize>,
}

/// A file that was read and checked from end to end.
pub struct E5File {
    bytes: Vec<u8>,
    configuration: Configuration,
    special: Special,
    pieces: Vec<(String, f32)>,
    places: Vec<Place>,
}

impl E5File {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// [`E5Error`], which does not name the path.
    pub fn read(path: &Path) -> Result<Self, E5Error> {
        let file = File::open(path)?;
        let told = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        if told > MOST_BYTES {
            return Err(E5Error::TooLarge);
        }
        let mut bytes = Vec::with_capacity(told + 1);
        // The limit again, for what has no length beforehand.
        file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Self::from_bytes(bytes)
    }

    /// Checks `bytes`, the contents of a file.
    ///
    /// # Errors
    /// [`E5Error`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, E5Error> {
        if bytes.len() > MOST_BYTES {
            return Err(E5Error::TooLarge);
        }
        let mut rest = Rest(bytes.strip_prefix(&MAGIC).ok_or(E5Error::Kind)?);
        let configuration = configuration(&mut rest)?;
        let (special, pieces) = pieces(&mut rest, configuration.vocabulary)?;
        // A table of normalised characters: the tokeniser brings its own.
        rest.number("table of characters")?;
        let length = rest.size("table of characters")?;
        rest.take(length, "table of characters")?;
        let entries = directory(&mut rest)?;
        check_ranges(&entries, bytes.len() - rest.0.len(), bytes.len())?;
        let places =
            wanted(&configuration).into_iter().map(|w| place(w, &entries, &bytes)).collect::<Result<_, _>>()?;
        Ok(Self { configuration, special, pieces, places, bytes })
    }

    /// The shape of the model.
    #[must_use]
    pub fn configuration(&self) -> Configuration {
        self.configuration
    }

    /// The pieces that stand for no text.
    #[must_use]
    pub fn special(&self) -> Special {
        self.special
    }

    /// The vocabulary in the order of its ids, each piece with its score.
    #[must_use]
    pub fn pieces(&self) -> &[(String, f32)] {
        &self.pieces
    }

    /// All that `BertModel` without a pooler has, one tensor unpacked at a time: together they are six times the file.
    pub fn tensors(&self) -> impl ExactSizeIterator<Item = Tensor> + '_ {
        self.places.iter().map(|place| {
            let bytes = self.bytes.get(place.at.clone()).unwrap_or_default();
            let values = if place.packed { unpack(bytes) } else { floats(bytes).collect() };
            Tensor { name: place.name.clone(), shape: place.shape.clone(), values }
        })
    }
}

impl std::fmt::Debug for E5File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("E5File").field("configuration", &self.configuration).finish_non_exhaustive()
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize, part: &'static str) -> Result<&'a [u8], E5Error> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(E5Error::Cut(part))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], E5Error> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(E5Error::Cut(part))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self, part: &'static str) -> Result<u32, E5Error> {
        Ok(u32::from_le_bytes(self.array(part)?))
    }

    fn size(&mut self, part: &'static str) -> Result<usize, E5Error> {
        Ok(self.number(part)? as usize)
    }

    fn long(&mut self, part: &'static str) -> Result<usize, E5Error> {
        usize::try_from(u64::from_le_bytes(self.array(part)?)).map_err(|_| E5Error::Wrong(part))
    }
}

fn configuration(rest: &mut Rest) -> Result<Configuration, E5Error> {
    const PART: &str = "configuration";
    let mut within = |most: usize| {
        let size = rest.size(PART)?;
        if (1..=most).contains(&size) { Ok(size) } else { Err(E5Error::Wrong(PART)) }
    };
    let [hidden, layers, heads, intermediate] = [within(4_096)?, within(64)?, within(64)?, within(16_384)?];
    let [vocabulary, positions, types] = [within(1 << 20)?, within(8_192)?, within(16)?];
    let epsilon = f32::from_le_bytes(rest.array(PART)?);
    let group = rest.size(PART)?;
    let grouped = group == GROUP && hidden.is_multiple_of(GROUP) && intermediate.is_multiple_of(GROUP);
    if !grouped || !hidden.is_multiple_of(heads) || !(0.0..1.0).contains(&epsilon) {
        return Err(E5Error::Wrong(PART));
    }
    Ok(Configuration { hidden, layers, heads, intermediate, vocabulary, positions, types, epsilon })
}

fn pieces(rest: &mut Rest, count: usize) -> Result<(Special, Vec<(String, f32)>), E5Error> {
    const PART: &str = "vocabulary";
    if rest.size(PART)? != count {
        return Err(E5Error::Wrong(PART));
    }
    let mut id = || rest.number(PART);
    let special = Special { bos: id()?, eos: id()?, pad: id()?, unknown: id()? };
    let ids = [special.bos, special.eos, special.pad, special.unknown];
    let twice = ids.iter().enumerate().any(|(i, id)| ids.iter().skip(i + 1).any(|other| other == id));
    if twice || ids.iter().any(|id| *id as usize >= count) {
        return Err(E5Error::Wrong("special pieces"));
    }
    let length = rest.long(PART)?;
    let (first, ends) = (rest.number(PART)?, rest.take(4 * count, PART)?);
    let scores = rest.take(4 * count, PART)?;
    let letters = rest.take(length, PART)?;
    let mut start = first as usize;
    let mut pieces = Vec::with_capacity(count);
    for (end, score) in ends.as_chunks().0.iter().zip(floats(scores)) {
        let end = u32::from_le_bytes(*end) as usize;
        let piece = letters.get(start..end).and_then(|letters| str::from_utf8(letters).ok());
        match piece {
            Some(piece) if (1..=LONGEST_PIECE).contains(&piece.len()) && score.is_finite() => {
                pieces.push((piece.to_owned(), score));
            }
            _ => return Err(E5Error::Wrong(PART)),
        }
        start = end;
    }
    if first != 0 || start != length {
        return Err(E5Error::Wrong(PART));
    }
    Ok((special, pieces))
}

struct Entry {
    packed: bool,
    count: usize,
    start: usize,
    end: usize,
}

fn directory<'a>(rest: &mut Rest<'a>) -> Result<HashMap<&'a str, Entry>, E5Error> {
    const PART: &str = "directory of tensors";
    let count = rest.size(PART)?;
    if count > MOST_TENSORS {
        return Err(E5Error::Wrong(PART));
    }
    let mut entries = HashMap::with_capacity(count);
    for _ in 0..count {
        let length = usize::from(u16::from_le_bytes(rest.array(PART)?));
        if length > LONGEST_NAME {
            return Err(E5Error::Wrong(PART));
        }
        let name = str::from_utf8(rest.take(length, PART)?).map_err(|_| E5Error::Wrong(PART))?;
        let packed = match rest.array(PART)? {
            [0] => false,
            [1] => true,
            _ => return Err(E5Error::Wrong(PART)),
        };
        let (count, start, length) = (rest.size(PART)?, rest.long(PART)?, rest.long(PART)?);
        let end = start.checked_add(length).ok_or(E5Error::Wrong(PART))?;
        if entries.insert(name, Entry { packed, count, start, end }).is_some() {
            return Err(E5Error::Wrong(PART));
        }
    }
    Ok(entries)
}

/// Each tensor has bytes of its own, behind the directory: else a small file could unpack to a huge model.
fn check_ranges(entries: &HashMap<&str, Entry>, from: usize, to: usize) -> Result<(), E5Error> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_unstable_by_key(|(name, entry)| (entry.start, entry.end, **name));
    let mut free = from;
    for (name, entry) in sorted {
        let why = match entry {
            entry if entry.start < free => "lies over another part of the file",
            entry if entry.end > to => "lies beyond the end of the file: it was cut short",
            _ => {
                free = entry.end;
                continue;
            }
        };
        return Err(E5Error::Tensor { name: (*name).to_owned(), why });
    }
    Ok(())
}

fn place(wanted: Wanted, entries: &HashMap<&str, Entry>, bytes: &[u8]) -> Result<Place, E5Error> {
    let Wanted { name, short, shape } = wanted;
    let refuse = |why| Err(E5Error::Tensor { name: short.clone(), why });
    let Some(entry) = entries.get(short.as_str()) else { return refuse("is missing") };
    let at = entry.start..entry.end;
    // Bounded by the configuration: no product can overflow.
    let count = shape.iter().product::<usize>();
    let length = if entry.packed { count / GROUP * GROUP_BYTES } else { 4 * count };
    if entry.count != count || at.len() != length || (entry.packed && count % GROUP != 0) {
        return refuse("is not of the size that the configuration asks for");
    }
    let numbers = bytes.get(at.clone()).unwrap_or_default();
    let finite = if entry.packed {
        numbers.as_chunks::<GROUP_BYTES>().0.iter().all(|[low, high, ..]| half([*low, *high]).is_finite())
    } else {
        floats(numbers).all(f32::is_finite)
    };
    if finite { Ok(Place { name, shape, packed: entry.packed, at }) } else { refuse("has numbers that are not finite") }
}

#[cfg(test)]
pub(in crate::labelling) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labelling::e5::Tokeniser;

    pub const PIECES: [&str; 12] =
        ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁school", "s", "late", "bus", "▁bus", "!"];
    const SHAPE: Configuration = Configuration {
        hidden: 32,
        layers: 1,
        heads: 2,
        intermediate: 64,
        vocabulary: PIECES.len(),
        positions: 4,
        types: 2,
        epsilon: 1e-12,
    };

    /// A model of one layer: each packed weight is the scale 0.5 times a number from -8 to 7, the others count up.
    pub fn tiny() -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        for size in [32, 1, 2, 64, PIECES.len() as u32, 4, 2] {
            file.extend(size.to_le_bytes());
        }
        file.extend(1e-12_f32.to_le_bytes());
        for number in [GROUP as u32, PIECES.len() as u32, 0, 2, 1, 3] {
            file.extend(number.to_le_bytes());
        }
        file.extend((PIECES.concat().len() as u64).to_le_bytes());
        for end in 0..=PIECES.len() {
            file.extend((PIECES.iter().take(end).map(|p| p.len()).sum::<usize>() as u32).to_le_bytes());
        }
        for id in 0..PIECES.len() {
            file.extend((if id < 4 { 0.0 } else { -(id as f32) }).to_le_bytes());
        }
        file.extend(PIECES.concat().bytes());
        for number in [1_u32, 5] {
            file.extend(number.to_le_bytes());
        }
        file.extend([7; 5]);

        let wanted = wanted(&SHAPE);
        let mut at = file.len() + 4 + wanted.iter().map(|w| 2 + w.short.len() + 21).sum::<usize>();
        let mut data = Vec::new();
        file.extend((wanted.len() as u32).to_le_bytes());
        for Wanted { short, shape, .. } in wanted {
            let count = shape.iter().product::<usize>();
            let packed = short == "emb.word" || (shape.len() == 2 && short.starts_with('l'));
            let bytes: Vec<u8> = if packed {
                (0..count / GROUP)
                    .flat_map(|_| [0x00, 0x38].into_iter().chain((0..16).map(|i| i << 4 | (15 - i))))
                    .collect()
            } else {
                (0..count).flat_map(|i| (i as f32).to_le_bytes()).collect()
            };
            file.extend((short.len() as u16).to_le_bytes());
            file.extend(short.bytes());
            file.push(u8::from(packed));
            file.extend((count as u32).to_le_bytes());
            file.extend((at as u64).to_le_bytes());
            file.extend((bytes.len() as u64).to_le_bytes());
            at += bytes.len();
            data.extend(bytes);
        }
        file.extend(data);
        file
    }

    #[test]
    fn a_file_gives_its_parts() {
        let file = E5File::from_bytes(tiny()).unwrap();
        assert_eq!(file.configuration(), SHAPE);
        assert_eq!(file.special(), Special { bos: 0, eos: 2, pad: 1, unknown: 3 });
        assert_eq!(file.pieces().iter().map(|(piece, _)| piece.as_str()).collect::<Vec<_>>(), PIECES);
        assert_eq!(file.pieces()[5].1, -5.0);
        let tensors: Vec<Tensor> = file.tensors().collect();
        assert_eq!(tensors.len(), 5 + 16);
        let named = |name: &str| tensors.iter().find(|t| t.name == name).unwrap();
        let words = named("embeddings.word_embeddings.weight");
        assert_eq!(words.shape, [12, 32]);
        let first: Vec<f32> = (0..16).rev().chain(0..16).map(|i| (i as f32 - 8.0) * 0.5).collect();
        assert_eq!(words.values[..32], first);
        assert_eq!(named("encoder.layer.0.output.dense.weight").shape, [32, 64]);
        assert_eq!(
            named("encoder.layer.0.intermediate.dense.bias").values,
            (0..64).map(|i| i as f32).collect::<Vec<_>>()
        );
    }

    /// What is said of a tiny file after `change`.
    fn fault(change: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut bytes = tiny();
        change(&mut bytes);
        E5File::from_bytes(bytes).map(|_| ()).unwrap_err().to_string()
    }

    fn find(bytes: &[u8], what: &[u8]) -> usize {
        bytes.windows(what.len()).position(|w| w == what).unwrap()
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(fault(|b| b[0] = b'F'), "it is not an E5S1 file of version 1");
        assert_eq!(fault(|b| b.truncate(20)), "it is cut short, or broken, at its configuration");
        assert_eq!(fault(|b| b[8] = 33), "its configuration cannot be right");
        assert_eq!(fault(|b| b[44] = 200), "its vocabulary cannot be right");
        assert_eq!(fault(|b| b[48] = 12), "its special pieces cannot be right");
        assert_eq!(fault(|b| b[48] = 2), "its special pieces cannot be right");
        let beyond = fault(|b| b.truncate(b.len() - 1));
        assert_eq!(beyond, "its tensor l0.oln.b lies beyond the end of the file: it was cut short");
        let rename = |b: &mut Vec<u8>| {
            let at = find(b, b"l0.aln.w");
            b[at] = b'm';
        };
        assert_eq!(fault(rename), "its tensor l0.aln.w is missing");
        let move_up = |b: &mut Vec<u8>| {
            let at = find(b, b"emb.pos") + 7 + 1 + 4;
            b[at] -= 1;
        };
        assert_eq!(fault(move_up), "its tensor emb.pos lies over another part of the file");
        let not_finite = |b: &mut Vec<u8>| {
            let at = find(b, &[0x00, 0x38]);
            b[at + 1] = 0x7c;
        };
        assert_eq!(fault(not_finite), "its tensor emb.word has numbers that are not finite");
        let broken_letters = |b: &mut Vec<u8>| {
            let at = find(b, "▁the".as_bytes());
            b[at] = 0xff;
        };
        assert_eq!(fault(broken_letters), "its vocabulary cannot be right");
    }

    proptest! {
        #[test]
        fn broken_files_never_panic(
            cut in proptest::option::of(0_usize..20_000),
            flips in proptest::collection::vec((0_usize..20_000, any::<u8>()), 0..8),
        ) {
            let mut bytes = tiny();
            // Most of a tiny file is weights: two flips in three fall before them.
            let head = find(&bytes, &[0x00, 0x38]);
            for (i, (at, byte)) in flips.into_iter().enumerate() {
                let within = if i % 3 == 2 { bytes.len() } else { head };
                bytes[at % within] = byte;
            }
            bytes.truncate(cut.unwrap_or(bytes.len()));
            if let Ok(file) = E5File::from_bytes(bytes) {
                for tensor in file.tensors() {
                    prop_assert_eq!(tensor.values.len(), tensor.shape.iter().product::<usize>());
                }
                let ids = Tokeniser::new(&file).unwrap().ids("the bus is late!", 8).unwrap();
                prop_assert!(ids.len() <= 8 && ids.iter().all(|id| (*id as usize) < PIECES.len()));
            }
        }
    }
}
