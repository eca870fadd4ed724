"""The encoder of classifier.rs in ONNX Runtime, as JSON lines. `build MODELS FOLDER TEXTS` writes it to FOLDER as fp32 and int8 and
shows that it gives the scores in TEXTS; `load FOLDER` only loads it; `measure FOLDER TEXTS SECONDS` times it on TEXTS."""
import json, pathlib, re, statistics, struct, sys, time

import numpy as np
import onnxruntime as ort
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

THREADS, TOGETHER = 2, 32
# As in src/labelling/tuned: what is read of a text, what stands before it, and the tokens of one pass.
MOST_TOKENS, MOST_CHARS, BEFORE, PASS_TOKENS = 256, 4_000, "query: ", 4_096


class Bytes:
    """An E5S1 file, read from its start; src/labelling/e5/file.rs says what stands where."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def some(self, kind):
        found = struct.unpack_from("<" + kind, self.data, self.at)
        self.at += struct.calcsize("<" + kind)
        return found

    def one(self, kind):
        return self.some(kind)[0]

    def array(self, kind, count):
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def raw(self, length):
        self.at += length
        return self.data[self.at - length:self.at]


def read_base(path):
    """Shape, tokeniser, marks (start, end, filling) and weights."""
    file = Bytes(path.read_bytes())
    assert file.raw(8) == b"E5S1\x01\0\0\0", "not an E5S1 file"
    hidden, layers, heads, middle, words, places, kinds = file.some("7i")
    shape = {"hidden": hidden, "layers": layers, "heads": heads, "epsilon": file.one("f")}
    group = file.one("i")
    count, start, end, filling, unknown = file.some("5I")
    length, ends = file.one("Q"), file.array("<u4", count + 1)
    scores, letters = file.array("<f4", count), file.raw(length)
    pieces = [(letters[a:b].decode(), float(score)) for a, b, score in zip(ends, ends[1:], scores)]
    file.one("I")
    file.raw(file.one("I"))  # a table of characters: the tokeniser brings its own
    weights = {}
    for _ in range(file.one("I")):
        name = file.raw(file.one("H")).decode()
        packed, count, at, length = file.one("B"), file.one("I"), file.one("Q"), file.one("Q")
        if packed:
            rows = np.frombuffer(file.data, np.uint8, length, at).reshape(-1, 2 + group // 2)
            steps = np.concatenate([rows[:, 2:] & 15, rows[:, 2:] >> 4], axis=1).astype(np.float32) - 8
            weights[name] = (steps * rows[:, :2].copy().view("<f2").astype(np.float32)).ravel()
        else:
            weights[name] = np.frombuffer(file.data, "<f4", count, at)
    for name, rows in (("word", words), ("pos", places), ("type", kinds)):
        weights[f"emb.{name}"] = weights[f"emb.{name}"].reshape(rows, hidden)
    return shape, tokeniser(pieces, {start, end, filling, unknown}, unknown), (start, end, filling), weights


def tokeniser(pieces, marks, unknown):
    made = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    blanks = [normalizers.Replace(what, " ") for what in ("\n", "\t", Regex(" {2,}"))]
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), *blanks])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    made.add_special_tokens([AddedToken(pieces[mark][0], special=True) for mark in sorted(marks)])
    return made


SHORT = {"attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v", "attention.output.dense": "ao",
         "intermediate.dense": "fi", "output.dense": "fo", "attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


def add_changes(path, weights):
    """Adds what teaching changed to `weights`, and the linear layer; src/labelling/tuned/file.rs says how they are kept."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    head = json.loads(data[8:8 + length])

    def array(name):
        (start, end), kind = head[name]["data_offsets"], {"F32": "<f4", "I8": "i1"}[head[name]["dtype"]]
        return np.frombuffer(data, kind, (end - start) // np.dtype(kind).itemsize, 8 + length + start).reshape(head[name]["shape"])

    for name in head:
        if name == "__metadata__" or name.endswith(".factors"):
            continue
        change = array(name).astype(np.float32)
        if head[name]["dtype"] == "I8":
            change *= array(name + ".factors")[:, None]
        found = re.fullmatch(r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)", name)
        if found:
            name = f"l{found[1]}.{SHORT[found[2]]}.{found[3][0]}"
            change = weights[name].reshape(change.shape) + change
        weights[name] = change


def graph(shape, weights):
    """The encoder in the operators that ONNX Runtime itself fuses a BERT into, so that it is at its best."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    hidden, nodes, held = shape["hidden"], [], {}

    def hold(name, array):
        held[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def op(kind, inputs, name, outputs=None, domain="", **more):
        nodes.append(helper.make_node(kind, inputs, outputs or [name], name=name, domain=domain, **more))
        return name

    def own(kind, inputs, name, **more):
        return op(kind, inputs, name, domain="com.microsoft", **more)

    def norm(name, inputs, out):
        return own("SkipLayerNormalization", [*inputs, hold(name + ".w", weights[name + ".w"]), hold(name + ".b", weights[name + ".b"])],
                   out, epsilon=shape["epsilon"])

    def dense(name, inside, columns, where):
        kernel = hold(f"{name}.w", weights[f"{name}.w"].reshape(-1, columns).T)
        return op("Add", [op("MatMul", [inside, kernel], where + ".product"), hold(f"{name}.b", weights[f"{name}.b"])], where)

    length = op("Slice", [op("Shape", ["ids"], "size"), hold("one", np.array([1])), hold("two", np.array([2]))], "length")
    places = hold("places", weights["emb.pos"] + weights["emb.type"][0])
    places = op("Slice", [places, hold("zero", np.array([0])), length, "zero"], "placed")
    words = op("Gather", [hold("words", weights["emb.word"]), "ids"], "found")
    batch = op("Expand", [op("Unsqueeze", [places, "zero"], "placed.one"), op("Shape", [words], "found.size")], "placed.all")
    last = norm("emb.ln", [words, batch], "start")
    for n in range(shape["layers"]):
        at = f"l{n}"
        kernels = [weights[f"{at}.{part}.w"].reshape(hidden, hidden).T for part in "qkv"]
        biases = [weights[f"{at}.{part}.b"] for part in "qkv"]
        seen = own("Attention", [last, hold(at + ".qkv.w", np.concatenate(kernels, 1)), hold(at + ".qkv.b", np.concatenate(biases)), "mask"],
                   at + ".seen", num_heads=shape["heads"])
        last = norm(at + ".aln", [dense(at + ".ao", seen, hidden, at + ".told"), last], at + ".middle")
        wide = own("Gelu", [dense(at + ".fi", last, hidden, at + ".wide")], at + ".bent")
        columns = len(weights[at + ".fi.b"])
        last = norm(at + ".oln", [dense(at + ".fo", wide, columns, at + ".narrow"), last], at + ".end")
    mask = op("Unsqueeze", [op("Cast", ["mask"], "mask.f", to=TensorProto.FLOAT), hold("minus", np.array([-1]))], "mask.3")
    total = op("ReduceSum", [op("Mul", [last, mask], "kept"), "one"], "total", keepdims=0)
    pooled = op("Div", [total, op("ReduceSum", [mask, "one"], "count", keepdims=0)], "pooled")
    level = op("Sub", [pooled, hold("layer.mean", weights["layer.mean"])], "level")
    standard = op("Div", [level, hold("layer.spread", weights["layer.spread"])], "standard")
    product = op("MatMul", [standard, hold("layer.weight", weights["layer.weight"].T)], "layer")
    op("Add", [product, hold("layer.bias", weights["layer.bias"])], "scores")
    ends = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["texts", len(weights["layer.bias"])])]
    starts = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
              helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"])]
    whole = helper.make_graph(nodes, "encoder", starts, ends, list(held.values()))
    return helper.make_model(whole, ir_version=9, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)])


class Encoder:
    def __init__(self, folder, kind="int8"):
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
        self.session = ort.InferenceSession(folder / f"{kind}.onnx", options, providers=["CPUExecutionProvider"])
        self.tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.start, self.end, self.filling = json.loads((folder / "marks.json").read_text())

    def ids(self, text):
        found = self.tokeniser.encode(BEFORE + text[:MOST_CHARS], add_special_tokens=False).ids
        return [self.start, *found[:MOST_TOKENS - 2], self.end]

    def scores(self, texts):
        """In passes of texts of like length and of at most so many tokens, as classifier.rs has them."""
        ids = [self.ids(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        answers = [None] * len(ids)
        while order:
            size = 1
            while size < min(TOGETHER, len(order)) and len(ids[order[size]]) * (size + 1) <= PASS_TOKENS:
                size += 1
            here, order = order[:size], order[size:]
            table = np.full((size, len(ids[here[-1]])), self.filling, np.int64)
            mask = np.zeros(table.shape, np.int32)
            for row, at in enumerate(here):
                table[row, :len(ids[at])], mask[row, :len(ids[at])] = ids[at], 1
            for at, scores in zip(here, self.session.run(["scores"], {"ids": table, "mask": mask})[0]):
                answers[at] = scores
        return answers


def say(**what):
    print(json.dumps({"who": "ONNX Runtime"} | what))


def read_texts(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


def build(models_folder, folder, texts):
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    models_folder, folder = pathlib.Path(models_folder), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shape, made, marks, weights = read_base(models_folder / "encoder" / "e5-small-enpt-q4.bin")
    add_changes(models_folder / "tuned.safetensors", weights)
    made.save(str(folder / "tokenizer.json"))
    (folder / "marks.json").write_text(json.dumps(marks))
    onnx.save(graph(shape, weights), folder / "fp32.onnx")
    quantize_dynamic(folder / "fp32.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8, nodes_to_exclude=["layer"],
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})
    scored = [text for text in read_texts(texts) if text["scores"]]
    for kind in ("fp32", "int8"):
        own = Encoder(folder, kind).scores([text["text"] for text in scored])
        alike = [float(np.dot(a, b["scores"]) / np.linalg.norm(a) / np.linalg.norm(b["scores"])) for a, b in zip(own, scored)]
        far = max(float(np.abs(a - np.array(b["scores"])).max()) for a, b in zip(own, scored))
        say(kind=kind, compared=len(alike), least_cosine=min(alike), farthest=far)
        if kind == "fp32" and min(alike) < 0.999:
            sys.exit("this is not the encoder that Heard runs: its scores differ")


def load(folder):
    start = time.perf_counter()
    Encoder(pathlib.Path(folder))
    say(load_s=time.perf_counter() - start)


def measure(folder, texts, seconds, kind="int8"):
    encoder = Encoder(pathlib.Path(folder), kind)
    loaded, lengths = memory_mb("VmRSS"), {}
    for text in read_texts(texts):
        lengths.setdefault(text["words"], []).append(text["text"])
    for words, items in lengths.items():
        def timed(together):
            start, times = time.perf_counter(), []
            for at in range(0, len(items), together):
                if time.perf_counter() - start >= float(seconds):
                    break
                batch, begun = items[at:at + together], time.perf_counter()
                encoder.scores(batch)
                times.append(time.perf_counter() - begun)
            return times

        encoder.scores(items[:1])
        batches, alone = timed(TOGETHER), sorted(timed(1))
        done = min(len(items), len(batches) * TOGETHER)
        at = lambda percent: alone[min(len(alone) * percent // 100, len(alone) - 1)] * 1000
        say(words=words, way=f"encoder alone, {kind}", per_s=done / sum(batches), batched=done, together=TOGETHER, median_ms=at(50), p95_ms=at(95),
            alone=len(alone), tokens=statistics.mean(len(encoder.ids(text)) for text in items))
    say(loaded_mb=loaded, after_mb=memory_mb("VmRSS"), peak_mb=memory_mb("VmHWM"))


def memory_mb(line):
    return int(re.search(rf"{line}:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) // 1024


{"build": build, "load": load, "measure": measure}[sys.argv[1]](*sys.argv[2:])
