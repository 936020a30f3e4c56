"""A small ONNX model as a problem: reading its graph, and translating it operator by operator."""
