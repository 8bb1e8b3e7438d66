import type { Measured } from "../measure.ts";
import { measureProcessesInTurn } from "../processes-in-turn.ts";
import type { TextKind } from "./cached-texts.ts";

const RUNS = 9;
const WARMUPS = 3;

/** What a contender found beside its time. */
export interface HitFacts {
  /** Texts that the model saw although all of them were cached. */
  readonly misses: number;
  /** Whether every vector came back as the model made it. */
  readonly isExact: boolean;
  /** Ours: of the largest value. LangChain's: of a value on average, since their lengths differ. */
  readonly bytes: number;
}

/** What is looked up. */
export interface HitSetting {
  readonly dimensions: number;
  readonly kind: TextKind;
  readonly seed: number;
}

/** Times of one pass over all texts. */
export interface CacheHits {
  readonly setting: HitSetting;
  /** Ours, where each vector is the caller's own. */
  readonly ours: Measured<HitFacts>;
  /** A copy of each vector, and nothing else. */
  readonly copies: Measured<HitFacts>;
  /** With all digits of a float32, as `openai`'s client and in-process models give them. */
  readonly langchain: Measured<HitFacts>;
  /** With eight decimals, as some servers send them: less to parse. */
  readonly langchainRounded: Measured<HitFacts>;
}

/** 2,000 cached texts, looked up again and again by both sides in turn. */
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
