"""What each operator of ONNX is in torch, one file per group, joined in `table`."""
