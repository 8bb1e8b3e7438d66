import type { ListKeyOptions, RecordManagerInterface, UpdateOptions } from "@langchain/core/indexing";

interface Entry {
  readonly groupId: string | null;
  readonly updatedAt: number;
}

/**
 * An in-memory record manager. LangChain ships only the interface; this follows the promises of its SQL
 * implementations.
 */
export class MemoryRecordManager implements RecordManagerInterface {
  readonly #entries = new Map<string, Entry>();

  createSchema(): Promise<void> {
    return Promise.resolve();
  }

  getTime(): Promise<number> {
    return Promise.resolve(now());
  }

  update(keys: string[], { groupIds, timeAtLeast }: UpdateOptions): Promise<void> {
    const updatedAt = now();
    if (timeAtLeast !== undefined && updatedAt < timeAtLeast)
      return Promise.reject(new Error(`the clock says ${updatedAt}, which is before ${timeAtLeast}`));
    if (groupIds !== undefined && groupIds.length !== keys.length)
      return Promise.reject(new Error(`${keys.length} keys came with ${groupIds.length} groups`));
    keys.forEach((key, i) => {
      const groupId = this.#entries.get(key)?.groupId ?? groupIds?.[i] ?? null;
      this.#entries.set(key, { groupId, updatedAt });
    });
    return Promise.resolve();
  }

  exists(keys: string[]): Promise<boolean[]> {
    return Promise.resolve(keys.map((key) => this.#entries.has(key)));
  }

  listKeys({ before, after, groupIds, limit }: ListKeyOptions): Promise<string[]> {
    const groups = groupIds && new Set(groupIds);
    const found = [...this.#entries].filter(
      ([, { groupId, updatedAt }]) =>
        (before === undefined || updatedAt < before) &&
        (after === undefined || updatedAt > after) &&
        (groups === undefined || groups.has(groupId)),
    );
    return Promise.resolve(found.slice(0, limit).map(([key]) => key));
  }

  deleteKeys(keys: string[]): Promise<void> {
    for (const key of keys) this.#entries.delete(key);
    return Promise.resolve();
  }
}

const now = (): number => performance.timeOrigin + performance.now();
