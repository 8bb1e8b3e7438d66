export { contractCases, type ContractCase } from "./contract-case.ts";
export { FakeEmbedder, type FakeEmbedderOptions } from "./fake-embedder.ts";
