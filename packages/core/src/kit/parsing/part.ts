import { z } from "zod";
import { describeValue } from "./describe-value.ts";

/**
 * Returns a schema for an option that holds a part, such as a store: an object or a function with these
 * methods. `expected` names the part and a way to create it: "an Embedder, such as createEmbedder({ … })".
 */
export function part<T>(methods: readonly string[], expected: string): z.ZodType<T> {
  return z.custom<T>((value) => hasMethods(value, methods), {
    error: ({ input }) => `expected ${expected}, got ${describeValue(input)}`,
  });
}

/** Returns true if a value has all of these methods. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return methods.every((method) => typeof Reflect.get(value, method) === "function");
}
