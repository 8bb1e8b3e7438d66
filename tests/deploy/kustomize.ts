import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

/** An object of a manifest. */
export interface Manifest {
  readonly [field: string]: unknown;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly [field: string]: unknown;
    readonly name: string;
    readonly namespace?: string | undefined;
  };
}

const manifest: z.ZodType<Manifest> = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Returns the reason why overlays cannot be built here, or undefined. */
export function kustomizeMissing(): string | undefined {
  return spawnSync("kubectl", ["kustomize", "--help"]).status === 0 ? undefined : "no kubectl";
}

/** Builds an overlay of the example server and returns its objects. */
export function buildOverlay(name: string): readonly Manifest[] {
  const folder = fileURLToPath(
    new URL(`../../examples/rag-server/deploy/kubernetes/overlays/${name}`, import.meta.url),
  );
  const text = execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
  return parseAllDocuments(text).map((document) => manifest.parse(document.toJS()));
}
