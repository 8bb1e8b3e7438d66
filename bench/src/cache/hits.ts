import type { Measured } from "../measure.ts";
import { measureProcessesInTurn } from "../processes-in-turn.ts";
import type { TextKind } from "./cached-texts.ts";

const RUNS = 9;
const WARMUPS = 3;

/** Facts about a contender besides its time. */
export interface HitFacts {
  /** Texts that the model received although all of them were cached. */
  readonly misses: number;
  /** True if every vector equals the model's. */
  readonly isExact: boolean;
  /** Bytes of a value: for ours the largest, for LangChain's the mean, because their lengths differ. */
  readonly bytes: number;
}

/** The texts to look up. */
export interface HitSetting {
  readonly dimensions: number;
  readonly kind: TextKind;
  readonly seed: number;
}

/** Times of one pass over all texts, by contender. */
export interface CacheHits {
  readonly setting: HitSetting;
  /** Our cache. Each vector is the caller's own. */
  readonly ours: Measured<HitFacts>;
  /** A copy of each vector, and nothing else. */
  readonly copies: Measured<HitFacts>;
  /** LangChain's with all digits of a float32, as `openai`'s client and in-process models return them. */
  readonly langchain: Measured<HitFacts>;
  /** LangChain's with eight decimals, which some servers send and which parse faster. */
  readonly langchainRounded: Measured<HitFacts>;
}

/** Looks up 2,000 cached texts repeatedly, with both sides in turn. */
export async function measureHits(setting: HitSetting): Promise<CacheHits> {
  const { dimensions, kind, seed } = setting;
  const names = ["binnacle", "copies", "langchain", "langchain-rounded"];
  const contenders = names.map((name) => ({ name, args: [name, String(dimensions), kind, String(seed)] }));
  const child = new URL("./hits-child.ts", import.meta.url);
  const [ours, copies, langchain, langchainRounded] = await measureProcessesInTurn<HitFacts>(
    child,
    contenders,
    { runs: RUNS, warmups: WARMUPS },
  );
  if (!ours || !copies || !langchain || !langchainRounded) {
    throw new Error("nothing was measured");
  }
  return { setting, ours, copies, langchain, langchainRounded };
}
