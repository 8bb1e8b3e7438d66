import type { GenerateRequest } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

const partSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({
    type: z.literal("image"),
    image: z.strictObject({ mediaType: z.string().min(1), data: z.instanceof(Uint8Array) }),
  }),
]);

const requestSchema = z.strictObject({
  messages: z
    .array(
      z.strictObject({
        role: z.enum(["system", "user", "assistant"]),
        content: z.union([z.string(), z.array(partSchema).min(1)]),
      }),
    )
    .min(1, "at least one message is needed"),
  maxTokens: z.int().positive().optional(),
  temperature: z.number().nonnegative().optional(),
  topP: z.number().positive().max(1).optional(),
  seed: z.int().optional(),
  stop: z.array(z.string().min(1)).optional(),
  jsonSchema: z.record(z.string(), z.json()).optional(),
});

/** Checks a request before anything is sent; throws `ConfigurationError` with everything that is wrong. */
export function checkRequest(component: string, request: GenerateRequest): GenerateRequest {
  return parseOptions(component, requestSchema, request);
}

/** Whether any message shows an image. */
export function hasImage(request: GenerateRequest): boolean {
  return request.messages.some(
    ({ content }) => typeof content !== "string" && content.some((part) => part.type === "image"),
  );
}
