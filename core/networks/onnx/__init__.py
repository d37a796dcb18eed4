"""ONNX files in: read as data, translated operator by operator into torch, exported as a program of the house."""
