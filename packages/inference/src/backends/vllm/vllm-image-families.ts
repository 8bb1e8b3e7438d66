import type { ContentPart, MediaPart } from "@binnacle/core";
import { partBody } from "../../protocol/chat-body.ts";
import type { EmbedItem } from "../../embedding/embed-item.ts";

/**
 * A family of models that embed images and texts. `qwen3-vl`: Qwen3-VL-Embedding. `vlm2vec`: VLM2Vec on
 * Phi-3.5-vision, which needs vLLM's `--chat-template vlm2vec_phi3v.jinja`.
 */
export type VllmImageFamily = "qwen3-vl" | "vlm2vec";

/** The names of the families. */
export const imageFamilies: readonly ["qwen3-vl", "vlm2vec"] = ["qwen3-vl", "vlm2vec"];

/** How a family takes one input as a chat. */
export interface ImageFamily {
  /** The token whose state is the vector, as the models were trained. */
  readonly pooling: string;
  /** Text of the system message. @default no system message */
  readonly system?: string | undefined;
  /** Text beside an image that comes alone. @default none */
  readonly imageText?: string | undefined;
  /** True if the model reads the vector where its answer would begin. @default false */
  readonly atAnswer?: boolean | undefined;
}

/** The families as their model cards and vLLM's own examples describe them. */
export const familyOf: Readonly<Record<VllmImageFamily, ImageFamily>> = {
  "qwen3-vl": { pooling: "last", system: "Represent the user's input.", atAnswer: true },
  vlm2vec: { pooling: "last", imageText: "Represent the given image." },
};

/**
 * Returns the fields that hold one input as a chat. The image comes before the text, as in the models'
 * training.
 */
export function familyFields(
  { system, imageText, atAnswer = false }: ImageFamily,
  item: EmbedItem,
): Record<string, unknown> {
  const parts: readonly ContentPart[] = typeof item === "string" ? [{ type: "text", text: item }] : item;
  const images = parts.filter(({ type }) => type === "image");
  const texts = parts.filter((part) => part.type === "text" && part.text.trim() !== "");
  const described: readonly ContentPart[] =
    texts.length > 0 || imageText === undefined ? texts : [{ type: "text", text: imageText }];
  const messages = [
    ...(system === undefined ? [] : [message("system", [{ type: "text", text: system }])]),
    message("user", [...images, ...described]),
    ...(atAnswer ? [message("assistant", [{ type: "text", text: "" }])] : []),
  ];
  return { messages, ...(atAnswer ? { continue_final_message: true, add_special_tokens: true } : {}) };
}

function message(role: string, parts: readonly ContentPart[]): Record<string, unknown> {
  return { role, content: parts.map(partBody) };
}

// 32 × 32 white pixels. Smaller images are mistaken for other layouts of the same numbers.
const png =
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJklEQVR42u3NMQ0AAAwDoPo33arYsQQMkB6LQCAQCAQCgUAg+BIMi1X0ptsIcT0AAAAASUVORK5CYII=";

/** Returns a small image that every decoder reads. */
export function probeImage(): MediaPart {
  return { mediaType: "image/png", data: new Uint8Array(Buffer.from(png, "base64")) };
}
