import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { folderNames } from "../folder-names.ts";
import { questionsFromIndex } from "../questions-from-index.ts";
import type { RagSystem } from "../rag-system.ts";

const aboutReply = z.object({
  sources: z
    .array(z.object({ name: z.string(), documents: z.int(), chunks: z.int() }))
    .describe("The indexed folders, files and pages."),
  questions: z.array(z.string()).describe("Questions that the documents answer, made from their headings."),
});

type About = z.output<typeof aboutReply>;

const mostQuestions = 4;

/** Adds `GET /about`: what is indexed, with example questions. It is made once for each state of the index. */
export function registerAbout(app: FastifyInstance, system: RagSystem): void {
  let known: { readonly epoch: string; readonly about: Promise<About> } | undefined;
  const schema = {
    summary: "What is indexed, with example questions.",
    tags: ["chat"],
    response: { 200: aboutReply },
  };
  const config = { access: { permission: "GenerateText", row: "T3" } } as const;
  app.withTypeProvider<ZodTypeProvider>().get("/about", { schema, config }, async () => {
    const { store, collection } = system;
    if ((await store.describeCollection(collection)) === undefined) return { sources: [], questions: [] };
    const epoch = await store.collection(collection).epoch();
    if (epoch === undefined) return aboutOf(system);
    if (known?.epoch !== epoch) known = { epoch, about: aboutOf(system) };
    const { about } = known;
    return about.catch((error: unknown) => {
      if (known?.about === about) known = undefined;
      throw error;
    });
  });
}

async function aboutOf(system: RagSystem): Promise<About> {
  const { data, store, collection } = system;
  const recorded = await data.sources(collection);
  const names = folderNames(recorded);
  const points = store.collection(collection);
  const sources = await Promise.all(
    recorded.map(async ({ id, path }) => ({
      name: names.get(id) ?? lastPart(path),
      documents: await points.count({ sourceId: id, index: 0 }),
      chunks: await points.count({ sourceId: id }),
    })),
  );
  const questions = await questionsFromIndex(system, { count: mostQuestions });
  return { sources, questions: questions.slice() };
}

/** Returns the end of a path, because clients need not know this machine's paths. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}
