# Writes a GGUF chat model as a folder of bfloat16 weights with tokenizer and chat template, as vLLM loads it.
#   python gguf-to-hf.py FOLDER FILE.gguf OUT        needs torch, transformers, gguf, accelerate, safetensors
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, file, out = sys.argv[1:4]
AutoTokenizer.from_pretrained(folder, gguf_file=file).save_pretrained(out)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.bfloat16)
config = model.config
if hasattr(config, "quantization_config"):
    del config.quantization_config  # the weights are not quantised any more
config.architectures = [type(model).__name__]
config.save_pretrained(out)
model.generation_config.save_pretrained(out)
weights = {name: value.to(torch.bfloat16).contiguous() for name, value in model.state_dict().items()}
if config.tie_word_embeddings:
    weights.pop("lm_head.weight", None)
save_file(weights, f"{out}/model.safetensors", metadata={"format": "pt"})
