import { documentSourceContract, type DocumentSourceSubject } from "@binnacle/core/testing";
import { test } from "vitest";
import { createKubernetesSource } from "./create-kubernetes-source.ts";
import { FakeApiServer, refusal } from "./fixtures/fake-api-server.ts";
import { webTypes } from "./fixtures/web-types.ts";

const create = async (): Promise<DocumentSourceSubject> => {
  const server = new FakeApiServer(webTypes);
  const objects = new Map(
    [
      server.put("pods", "web-0", "shop"),
      server.put("pods", "web-1", "shop"),
      server.put("deployments", "web", "shop"),
      server.put("nodes", "n1", undefined),
    ].map(({ metadata }) => [`lab/${metadata.uid}`, metadata]),
  );
  const pluralOf = (name: string): string =>
    name === "n1" ? "nodes" : name === "web" ? "deployments" : "pods";
  const source = createKubernetesSource({
    cluster: "lab",
    access: { url: "http://127.0.0.1", fetch: server.fetch },
    random: () => 0,
  });
  let changes = 0;
  return {
    source,
    documentIds: [...objects.keys()],
    lists: true,
    content: {
      put: async (id) => {
        const { name = "", namespace } = objects.get(id) ?? {};
        server.put(pluralOf(name), name, namespace, {
          metadata: { labels: { change: String((changes += 1)) } },
        });
      },
      remove: async (id) => {
        const { name = "", namespace } = objects.get(id) ?? {};
        server.remove(pluralOf(name), name, namespace);
      },
    },
    relist: async () => {
      server.compact();
      server.failWatches(410, "Expired");
    },
    degrade: async () => {
      server.intercept = ({ query }) => (query.has("watch") ? refusal(503, "ServiceUnavailable") : undefined);
      server.cutWatches();
      return { recover: async () => void (server.intercept = () => undefined) };
    },
    dispose: () => source.close(),
  };
};

for (const { name, run } of documentSourceContract(create, {
  changes: true,
  resumes: true,
  relists: true,
  degrades: true,
}))
  test(`keeps the contract: ${name}`, run);
