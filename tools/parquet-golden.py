"""Writes tests/data/parquet/*.parquet and golden.json: what pyarrow writes (packings, page versions, encodings, lists,
structs, chats, class labels of Hugging Face's datasets) with the cells a table is to show.

    pip install pyarrow && python tools/parquet-golden.py

Made with pyarrow 26. Texts are written for this file.
"""

import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).parent.parent / "tests" / "data" / "parquet"
OUT.mkdir(exist_ok=True)
ROWS = 300
texts = [None if i % 50 == 7 else f"row {i % 40} of a plain text, \u00e9\u4f60 {'x' * (i % 9)}" for i in range(ROWS)]
table = pa.table(
    {
        "text": pa.array(texts, pa.string()),
        "label": pa.array([i % 3 for i in range(ROWS)], pa.int64()),
        "score": pa.array([None if i % 11 == 0 else math.nan if i % 13 == 0 else i / 8 for i in range(ROWS)], pa.float64()),
        "small": pa.array([i % 7 - 3 for i in range(ROWS)], pa.int32()),
        "flag": pa.array([None if i % 29 == 0 else i % 4 == 0 for i in range(ROWS)], pa.bool_()),
        "day": pa.array([i * 100 for i in range(ROWS)], pa.date32()),
        "tags": pa.array([None if i % 5 == 4 else [f"t{j}" for j in range(i % 4)] for i in range(ROWS)], pa.list_(pa.string())),
        "ids": pa.array([[i, 2**60 + i, None][: i % 4] for i in range(ROWS)], pa.list_(pa.int64())),
        "meta": pa.array(
            [None if i % 17 == 0 else {"id": i, "in": {"name": f"n{i % 3}"}} for i in range(ROWS)],
            pa.struct([("id", pa.int64()), ("in", pa.struct([("name", pa.string())]))]),
        ),
        "image": pa.array([{"bytes": b"\x89PNG", "path": "a.png"}] * ROWS, pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        "messages": pa.array(
            [[{"role": "user", "content": f"q{i}"}, {"role": "assistant", "content": f"a{i}"}, {"role": "user", "content": "more"}][: 1 + i % 3] for i in range(ROWS)],
            pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
        ),
    }
)


def number(value):
    """As JavaScript writes it."""
    if value is None:
        return ""
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value == int(value) else repr(value)


def as_json(values):
    return json.dumps([str(v) if v is not None and abs(v) > 2**53 else v for v in values], separators=(",", ":"))


def said(messages, role):
    return "\n".join(turn["content"] for turn in messages if turn["role"] == role)


data = table.to_pydict()
cells = {
    "text": ["" if v is None else v for v in data["text"]],
    "label": [["neg", "neutral", "pos"][v] for v in data["label"]],
    "score": [number(v) for v in data["score"]],
    "small": [str(v) for v in data["small"]],
    "flag": ["" if v is None else str(v).lower() for v in data["flag"]],
    "day": [f"{v.isoformat()}T00:00:00.000Z" for v in data["day"]],
    "tags": ["" if v is None else " ".join(v) for v in data["tags"]],
    "ids": ["" if v == [] else as_json(v) for v in data["ids"]],
    "meta.id": ["" if v is None else str(v["id"]) for v in data["meta"]],
    "meta.in.name": ["" if v is None else v["in"]["name"] for v in data["meta"]],
    "messages.user": [said(v, "user") for v in data["messages"]],
    "messages.assistant": [said(v, "assistant") for v in data["messages"]],
}
feature = {"label": {"names": ["neg", "neutral", "pos"], "_type": "ClassLabel"}}
table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": feature}})})

options = {"row_group_size": 120, "data_page_size": 700, "write_batch_size": 16}
for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    version = "2.0" if codec in ("none", "gzip", "zstd") else "1.0"
    pq.write_table(table, OUT / f"{codec}.parquet", compression=codec, data_page_version=version, **options)
plain = {
    "text": "DELTA_BYTE_ARRAY",
    "label": "DELTA_BINARY_PACKED",
    "score": "BYTE_STREAM_SPLIT",
    "small": "DELTA_BINARY_PACKED",
    "flag": "RLE",
    "meta.in.name": "DELTA_LENGTH_BYTE_ARRAY",
}
pq.write_table(table, OUT / "encodings.parquet", compression="zstd", data_page_version="2.0", use_dictionary=False, column_encoding=plain, **options)
(OUT / "golden.json").write_text(json.dumps(cells, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
print(sum(file.stat().st_size for file in OUT.iterdir()), "bytes")
