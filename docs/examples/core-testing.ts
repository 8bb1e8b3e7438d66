import { FakeEmbedder, embedderContract } from "@binnacle/core/testing";
import { test } from "node:test";

const create = async () => new FakeEmbedder(); // create your own embedder here
for (const { name, run } of embedderContract(create)) test(name, run);
