import type { DocumentParser } from "@binnacle/core";
import { damagedFile } from "../shared/damaged-file.ts";
import { imageTypes } from "../shared/image-types.ts";
import { imageSize } from "./image-size.ts";

/**
 * Reads PNG, JPEG, GIF and WebP images (`.png`, `.jpg`, `.gif`, `.webp`). The document is the image: an embedder
 * that accepts images embeds it, and any other embedder makes the indexer report it. The title is the file's name
 * and the text is the words of the name, so that the image is also found by its name. The metadata has `width` and
 * `height` in pixels. Rejects with code `damaged_file`, before anything is sent to a model, if the bytes are of
 * another format or cut off.
 */
export const imageParser: DocumentParser = {
  id: "image@1",
  mediaTypes: imageTypes,
  parse(bytes, { mediaType, name = "image" }) {
    const size = imageSize(bytes, mediaType);
    if (typeof size === "string") return Promise.reject(damagedFile(mediaType, size));
    const title = name.slice(name.lastIndexOf("/") + 1);
    return Promise.resolve({
      text: wordsOf(title),
      mediaType,
      title,
      media: [{ mediaType, data: new Uint8Array(bytes) }],
      metadata: { ...size },
    });
  },
};

/** Returns the words of a file's name, or the name if it has no letters or digits. */
function wordsOf(title: string): string {
  const words = title
    .replace(/\.[^.]*$/u, "")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words === null ? title : words.join(" ");
}
