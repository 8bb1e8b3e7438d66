import { TeiReranker } from "@binnacle/inference/tei";

const reranker = new TeiReranker({ url: "http://127.0.0.1:3000" });
const { outcomes } = await reranker.rerank("When is high water?", ["High water at noon.", "Bread rises."]);
console.log(outcomes);
await reranker.close();
