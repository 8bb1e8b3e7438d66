import { createClusterReader, roleManifests, toYaml } from "@binnacle/k8s-sync";
import type { CommonOptions } from "../cli/common-options.ts";
import { exitStatus } from "../cli/exit-status.ts";
import type { Terminal } from "../cli/terminal.ts";
import { sourceOptions } from "../cluster/source-options.ts";

/** Options of `rbac`. */
export interface RbacOptions extends CommonOptions {
  readonly namespace?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly name: string;
  readonly accountNamespace: string;
}

/** Prints the role that reads the cluster: every type by name, without Secrets. */
export async function rbac(options: RbacOptions, terminal: Terminal): Promise<number> {
  const { signal, namespace: namespaces, exclude, name, accountNamespace } = options;
  const reader = createClusterReader(sourceOptions("rbac", { ...options, namespace: undefined }, undefined));
  try {
    const { types, unavailable } = await reader.types({ signal });
    for (const { group, version } of unavailable)
      terminal.note(`  ${group}/${version} does not answer, so the role lacks its types`);
    const manifests = roleManifests({ types, namespaces, exclude, name, accountNamespace });
    terminal.print(manifests.map((manifest) => toYaml(manifest).trimEnd()).join("\n---\n"));
    terminal.result(manifests);
    return unavailable.length === 0 ? exitStatus.ok : exitStatus.partly;
  } finally {
    await reader.close();
  }
}
