import {
  BinnacleError,
  UnsupportedError,
  type Document,
  type EmbedderInfo,
  type MediaPart,
} from "@binnacle/core";

/** How an index embeds an image: with its words as one input, or alone. Undefined: images are not embedded. */
export type ImageInput = "text+image" | "image" | undefined;

/** The part of a document that describes its images. */
type Illustrated = Pick<Document, "media" | "mediaType" | "text">;

/** Returns the way to embed an image with an embedder. */
export function imageInputOf(accepts: EmbedderInfo["accepts"] = []): ImageInput {
  if (accepts.includes("text+image")) return "text+image";
  return accepts.includes("image") ? "image" : undefined;
}

/** Returns the parts that become points. */
export function embeddedImages({ media = [] }: Illustrated, images: ImageInput): readonly MediaPart[] {
  return images === undefined ? [] : media.filter(({ mediaType }) => isImage(mediaType));
}

/** Returns true if the document is an image, so that its text has no point without the image. */
export function isImageDocument({ mediaType = "text/plain" }: Illustrated): boolean {
  return isImage(mediaType);
}

/** Returns why a document's images cannot be indexed, or undefined if they can. */
export function imageIssue(document: Illustrated, images: ImageInput): BinnacleError | undefined {
  const { mediaType = "", text } = document;
  if (isImageDocument(document) && images === undefined)
    return new UnsupportedError(
      `the document is an image (${mediaType}), and the index's embedder takes text only. Use an embedder that accepts images, or exclude the document.`,
      { capability: "accepts" },
    );
  const parts = embeddedImages(document, images);
  const empty = parts.findIndex(({ data }) => data.byteLength === 0);
  if (empty >= 0) return invalid(`image ${empty} of \`media\` has no bytes. Leave it out`);
  if (isImageDocument(document) && parts.length === 0)
    return invalid(`the media type is ${mediaType}, but \`media\` has no image. Add the image to \`media\``);
  if (parts.length > 0 && text.trim() === "")
    return invalid(
      "a document with images needs a text to show in a search. Give the image's name or a caption",
    );
  return undefined;
}

function isImage(mediaType: string): boolean {
  return mediaType.startsWith("image/");
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_document", `${message}.`);
}
