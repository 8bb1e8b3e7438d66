import { z } from "zod";
import { itemError, numbers, text } from "../shared/fields.ts";

/** Most bytes of one image. */
export const maxImageBytes = 5 * 1024 * 1024;

const image = z
  .strictObject({
    data: z
      .string()
      .max(Math.ceil(maxImageBytes / 3) * 4)
      .describe("The image as base64. The server fetches no address."),
    media_type: z.enum(["image/png", "image/jpeg", "image/webp", "image/gif"]),
  })
  .describe("An image. Its first bytes must be those of its media type.");

const input = z.union([
  text.min(1),
  z
    .strictObject({ text: text.min(1).optional(), image: image.optional() })
    .describe("A text, an image, or both as one input."),
]);

export const embedRequest = z.strictObject({
  input: z.union([input, z.array(input).min(1).max(256)]).describe("One input, or up to 256."),
  role: z
    .enum(["query", "document"])
    .default("document")
    .describe("Some models embed queries and documents differently."),
});

export const embedReply = z.object({
  space: z.string().describe("Name of the model's vectors. Only vectors of one space may be compared."),
  dimensions: z.int(),
  usage: z.object({ tokens: z.int() }).optional(),
  succeeded: z.int(),
  failed: z.int(),
  outcomes: z.array(
    z.object({
      index: z.int(),
      status: z.enum(["ok", "failed"]),
      vector: numbers.optional(),
      error: itemError.optional(),
    }),
  ),
});

export type InputField = z.output<typeof input>;
export type ImageField = z.output<typeof image>;
