// The parts of the example behind one bare Fastify route: bare-server.ts DATA
import Fastify from "fastify";
import { answererOf, openRagSystem } from "../../../examples/rag-server/src/rag-system.ts";

const [data = ""] = process.argv.slice(2);
const system = await openRagSystem({ data, collection: "documents" });
const answerer = answererOf(system);
const app = Fastify();

app.post<{ Body: { message: string } }>("/chat", async ({ body }) => await answerer.answer(body.message));
console.log(`Listening on ${await app.listen({ host: "127.0.0.1", port: 0 })}`);
process.once("SIGTERM", () => {
  void app.close().then(() => system.close());
});
