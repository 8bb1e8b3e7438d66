import { BinnacleError, type MediaPart } from "@binnacle/core";
import { maxImageBytes, type ImageField } from "./embed-schemas.ts";

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The first bytes of each type as hex, and the place where they begin. */
const signatures: Readonly<Record<ImageField["media_type"], readonly [start: number, hex: string]>> = {
  "image/png": [0, "89504e470d0a1a0a"],
  "image/jpeg": [0, "ffd8ff"],
  "image/gif": [0, "47494638"],
  "image/webp": [8, "57454250"],
};

/** Decodes an image. Returns an error if it is not base64, too large, or of another type than it says. */
export function readImage({ data, media_type: mediaType }: ImageField): MediaPart | BinnacleError {
  if (data.length % 4 !== 0 || !base64.test(data)) return invalid("the image's data is not base64");
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > maxImageBytes) return invalid(`an image may have at most ${maxImageBytes} bytes`);
  const [start, hex] = signatures[mediaType];
  const found = bytes.toString("hex", start, start + hex.length / 2);
  if (found === hex) return { mediaType, data: bytes };
  return invalid(`the image does not begin as ${mediaType} does; send its true media type`);
}

function invalid(message: string): BinnacleError {
  return new BinnacleError("invalid_image", message);
}
