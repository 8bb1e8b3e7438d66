import { BinnacleError, type CallOptions, type Embedder, type VectorStore } from "@binnacle/core";
import {
  createKnowledge,
  formatPractices,
  type Knowledge,
  type LearnOutcome,
} from "@binnacle/retriever/knowledge";
import type { Principal } from "../../../guard/principal.ts";
import { ownPrefix } from "../shared/open-collection.ts";
import { RequestFault } from "../../request-fault.ts";

/** Most tenants whose knowledge stays open. Opening it again costs one request to the store. */
const maxOpen = 256;

/** A judged answer. */
export interface JudgedAnswer {
  readonly question: string;
  readonly answer: string;
  /** Name of the user who judged. */
  readonly user: string;
  /** From −1 to 1. */
  readonly feedback: number;
  readonly consent: boolean;
}

/** Earlier answers that users liked, as a text for the model. */
export interface LearntExamples {
  readonly text: string;
  readonly count: number;
  /** The reason why there are no examples: the examples are of another embedder. */
  readonly problem?: BinnacleError | undefined;
}

/** Learns from judged answers. Each tenant has its own. */
export interface Learning {
  learn(principal: Principal, judged: JudgedAnswer, options: CallOptions): Promise<LearnOutcome>;
  /** Returns the examples for a question. An answer has none after a change of the embedder. */
  examplesFor(principal: Principal, question: string, options: CallOptions): Promise<LearntExamples>;
  /** Deletes all that was learnt from a user, and returns the number of judged answers. */
  forget(principal: Principal, user: string, options: CallOptions): Promise<number>;
}

/** Creates the learning of a server. Without an embedder it only forgets, and refuses other calls with 501. */
export function createLearning(store: VectorStore, embedder: Embedder | undefined): Learning {
  const open = new Map<string | undefined, Knowledge>();
  const knowledgeOf = ({ tenant }: Principal): Knowledge => {
    // Two collections, because one collection cannot hold points with and without a tenant.
    const place =
      tenant === undefined
        ? { collection: `${ownPrefix}feedback` }
        : { collection: `${ownPrefix}feedback_of_tenants`, tenant };
    const knowledge =
      open.get(tenant) ?? createKnowledge({ store, embedder: embedder ?? missingEmbedder, ...place });
    open.delete(tenant);
    open.set(tenant, knowledge);
    if (open.size > maxOpen) open.delete([...open.keys()][0]);
    return knowledge;
  };
  return {
    learn: async (principal, { question, answer, user, feedback, consent }, options) => {
      if (embedder === undefined) throw noEmbedder();
      // The numbers refer to the sources of that answer.
      const response = answer.replaceAll(/ ?\[\d+\]/g, "");
      const interaction = { query: question, response, user: userOf(principal, user), consent };
      return await knowledgeOf(principal).learn(interaction, feedback, options);
    },
    examplesFor: async (principal, question, options) => {
      try {
        const improvement = await knowledgeOf(principal).improve(question, options);
        return { text: formatPractices(improvement), count: improvement.practices.length };
      } catch (problem) {
        if (!BinnacleError.isInstance(problem) || problem.code !== "collection_mismatch") throw problem;
        return { text: "", count: 0, problem };
      }
    },
    forget: (principal, user, options) => knowledgeOf(principal).forget(userOf(principal, user), options),
  };
}

/** Names of users belong to a key, so that no key can delete the feedback of another. */
function userOf({ id }: Principal, user: string): string {
  return JSON.stringify([id, user]);
}

/** Refuses every call. Forgetting embeds nothing. */
const missingEmbedder: Embedder = {
  describe: () => Promise.reject(noEmbedder()),
  embed: () => Promise.reject(noEmbedder()),
  close: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function noEmbedder(): RequestFault {
  const message = "this server has no embedder, so it cannot learn from feedback; set BINNACLE_EMBED_URL";
  return new RequestFault(501, message, { code: "no_embedder" });
}
