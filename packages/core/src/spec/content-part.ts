import type { MediaPart } from "./document.ts";

/** A part of a message, or of an input to embed. This union may grow: a driver refuses a type that it does
 * not know. */
export type ContentPart =
  { readonly type: "text"; readonly text: string } | { readonly type: "image"; readonly image: MediaPart };
