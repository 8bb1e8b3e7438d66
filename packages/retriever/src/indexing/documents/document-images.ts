import {
  BinnacleError,
  UnsupportedError,
  type Document,
  type EmbedderInfo,
  type MediaPart,
} from "@binnacle/core";
import { imageTypes } from "../../formats/shared/image-types.ts";

/** How an index embeds an image: with its words as one input, or alone. Undefined: images are not embedded. */
export type ImageInput = "text+image" | "image" | undefined;

/** The part of a document that describes its images. */
type Illustrated = Pick<Document, "media" | "mediaType" | "text">;

/** Returns the way to embed an image with an embedder. */
export function imageInputOf(accepts: EmbedderInfo["accepts"] = []): ImageInput {
  if (accepts.includes("text+image")) return "text+image";
  return accepts.includes("image") ? "image" : undefined;
}

/**
 * Returns the parts that become points. A text document keeps its text if an image cannot be embedded. So its
 * empty images are left out, and all of its images if no text can show them.
 */
export function embeddedImages(document: Illustrated, images: ImageInput): readonly MediaPart[] {
  const { media = [], text } = document;
  if (images === undefined) return [];
  const known = media.filter(({ mediaType }) => imageTypes.some((type) => type === mediaType));
  if (isImageDocument(document)) return known;
  return text.trim() === "" ? [] : known.filter(({ data }) => data.byteLength > 0);
}

/** Returns true if the document is an image, so that its text has no point without the image. */
export function isImageDocument({ mediaType = "text/plain" }: Illustrated): boolean {
  return mediaType.startsWith("image/");
}

/** Returns why an image cannot be indexed. Undefined if it can, or if the document is no image. */
export function imageIssue(document: Illustrated, images: ImageInput): BinnacleError | undefined {
  if (!isImageDocument(document)) return undefined;
  const { mediaType = "", text } = document;
  if (images === undefined)
    return new UnsupportedError(
      `the document is an image (${mediaType}), and the index's embedder takes text only. Use an embedder that accepts images, or exclude the document.`,
      { capability: "accepts" },
    );
  const parts = embeddedImages(document, images);
  const empty = parts.findIndex(({ data }) => data.byteLength === 0);
  if (empty >= 0) return invalid(`image ${empty} of \`media\` has no bytes. Leave it out`);
  if (parts.length === 0) {
    const formats = imageTypes.join(", ");
    return invalid(
      `the media type is ${mediaType}, but \`media\` has no image of type ${formats}. Add the image to \`media\``,
    );
  }
  if (text.trim() === "")
    return invalid("an image needs a text to show in a search. Give the image's name or a caption");
  return undefined;
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_document", `${message}.`);
}
