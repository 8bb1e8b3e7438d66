import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Cache, CacheStats, Health } from "@binnacle/core";

/** A cache that keeps its values in a file, so that the next evaluation embeds only new texts. */
export class FileCache implements Cache {
  readonly #path: string;
  readonly #values: Map<string, Uint8Array>;
  #hits = 0;
  #misses = 0;

  private constructor(path: string, values: Map<string, Uint8Array>) {
    this.#path = path;
    this.#values = values;
  }

  /** Reads the file, which need not exist. A line that a killed process left half is skipped. */
  static async open(path: string): Promise<FileCache> {
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(path, "utf8").catch(() => "");
    const values = new Map<string, Uint8Array>();
    for (const line of text.split("\n")) {
      const [key = "", data = "", end] = line.split("\t");
      if (end === ".") values.set(key, new Uint8Array(Buffer.from(data, "base64")));
    }
    return new FileCache(path, values);
  }

  async getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const found = keys.map((key) => this.#values.get(key));
    const hits = found.filter((value) => value !== undefined).length;
    this.#hits += hits;
    this.#misses += keys.length - hits;
    return found;
  }

  async setMany(entries: readonly (readonly [key: string, value: Uint8Array])[]): Promise<void> {
    for (const [key, value] of entries) this.#values.set(key, value.slice());
    const lines = entries.map(([key, value]) => `${key}\t${Buffer.from(value).toString("base64")}\t.\n`);
    await appendFile(this.#path, lines.join(""));
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#values.delete(key);
  }

  stats(): CacheStats {
    return { hits: this.#hits, misses: this.#misses, errors: 0, entries: this.#values.size };
  }

  async health(): Promise<Health> {
    return { status: "ok", latencyMs: 0 };
  }

  async close(): Promise<void> {
    this.#values.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
