"""Weights of an ONNX file in half precision, widened where they are read."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Below this many numbers a tensor stays as it is.
SMALL = 64


def halve(path: Path) -> None:
    """
    Weights become float16, each followed by a `Cast` back, so that all arithmetic stays float32. A weight keeps
    its name, which is what the importer recovers the parameter's from.
    """
    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    renamed = {}
    for initializer in graph.initializer:
        if initializer.data_type != onnx.TensorProto.FLOAT or np.prod(initializer.dims) < SMALL:
            continue
        name = initializer.name
        half = numpy_helper.from_array(numpy_helper.to_array(initializer).astype(np.float16), name)
        initializer.CopyFrom(half)
        renamed[name] = f"{name}_float32"
        casts.append(helper.make_node("Cast", [name], [renamed[name]], name=f"/widen/{name}", to=onnx.TensorProto.FLOAT))
    for node in graph.node:
        node.ClearField("doc_string")
        for index, name in enumerate(node.input):
            if name in renamed:
                node.input[index] = renamed[name]
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
