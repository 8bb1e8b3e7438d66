import type { Measured } from "../measure.ts";
import { measureProcessesInTurn } from "../processes-in-turn.ts";

const RUNS = 9;
const WARMUPS = 3;

/** Facts about a contender besides its time. */
export interface RedisVectorFacts {
  /** Commands in one pass. */
  readonly commands: number;
  /** True if all vectors equal the model's and the model was not called again. */
  readonly isExact: boolean;
  /** Bytes of a value. */
  readonly bytes: number;
}

/** Times of one pass over all vectors, by contender. Each pass follows a collection of garbage. */
export interface RedisVectors {
  readonly ours: Measured<RedisVectorFacts>;
  readonly langchain: Measured<RedisVectorFacts>;
  /** One MGET of our values by the bare client, and nothing else: the least that a reader can take. */
  readonly raw: Measured<RedisVectorFacts>;
  /** Passes that follow each other at once, with the collections that they cause. */
  readonly inLoop: {
    readonly ours: Measured<RedisVectorFacts>;
    readonly langchain: Measured<RedisVectorFacts>;
  };
}

/** Reads 500 cached vectors of 1536 numbers repeatedly from one Redis, with all sides in turn. */
export async function measureRedisVectors(url: string): Promise<RedisVectors> {
  const contenders = [
    ...["ours", "langchain", "raw"].map((name) => ({ name, args: [name, url, "alone"] })),
    ...["ours", "langchain"].map((name) => ({ name, args: [name, url, "loop"] })),
  ];
  const child = new URL("./redis-vectors-child.ts", import.meta.url);
  const [ours, langchain, raw, oursInLoop, langchainInLoop] = await measureProcessesInTurn<RedisVectorFacts>(
    child,
    contenders,
    {
      runs: RUNS,
      warmups: WARMUPS,
    },
  );
  if (!ours || !langchain || !raw || !oursInLoop || !langchainInLoop) throw new Error("nothing was measured");
  return { ours, langchain, raw, inLoop: { ours: oursInLoop, langchain: langchainInLoop } };
}
