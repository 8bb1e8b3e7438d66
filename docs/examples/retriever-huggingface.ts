import { createTextChunker } from "@binnacle/retriever";
import { createHuggingFaceTokenizer } from "@binnacle/retriever/huggingface";

// The file is on the model's page. The chunker then counts as the embedding model does.
const tokenizer = await createHuggingFaceTokenizer({ tokenizer: "models/bge-m3/tokenizer.json" });
const chunker = await createTextChunker({ tokenizer, maxTokens: 300 });
console.log(chunker.id, tokenizer.count("Why do tides differ?"));
