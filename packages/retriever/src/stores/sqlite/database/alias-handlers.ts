import { BinnacleError } from "@binnacle/core";
import { aliasMeant, aliasTaken } from "@binnacle/core/stores";
import type { Handlers } from "../channel/worker-host.ts";
import type { CollectionHandlerParts } from "./collection-handlers.ts";
import { text } from "./connection.ts";

type AliasMethod = "listAliases" | "setAlias" | "deleteAlias";

/** Answers requests about aliases. */
export function aliasHandlers(parts: CollectionHandlerParts): Pick<Handlers, AliasMethod> {
  const { connection, transactions, collections } = parts;
  return {
    listAliases: (_params, call) =>
      transactions.read(call, () => {
        const rows = connection.all(
          `SELECT aliases.name, collections.name AS collection
           FROM aliases JOIN collections ON id = collection ORDER BY aliases.name`,
        );
        return rows.map((row) => ({ name: text(row, "name"), collection: text(row, "collection") }));
      }),
    setAlias: ({ alias: { name, collection } }, call) =>
      transactions.write(call, () => {
        const target = collections.find(collection);
        if (target === undefined)
          throw new BinnacleError(
            "not_found",
            `Collection "${collection}" does not exist. Create it with ensureCollection.`,
          );
        const meant = target.spec.name;
        if (meant !== collection) throw aliasMeant("aliases.set", { name: collection, collection: meant });
        const previous = collections.find(name)?.spec.name;
        if (previous === name) throw aliasTaken(name);
        connection.run("INSERT OR REPLACE INTO aliases (name, collection) VALUES (?, ?)", name, target.key);
        return previous;
      }),
    deleteAlias: ({ name }, call) =>
      transactions.write(call, () => connection.run("DELETE FROM aliases WHERE name = ?", name).changes > 0),
  };
}
