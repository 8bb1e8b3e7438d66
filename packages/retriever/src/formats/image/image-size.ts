import { imageTypes } from "../shared/image-types.ts";

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the size, or the reason why the bytes are no whole image of the format. */
type ReadSize = (view: DataView) => ImageSize | string;

/** Readers of the image formats, by media type. */
const imageFormats: Readonly<Record<string, ReadSize>> = {
  "image/png": pngSize,
  "image/jpeg": jpegSize,
  "image/gif": gifSize,
  "image/webp": webpSize,
} satisfies Record<(typeof imageTypes)[number], ReadSize>;

const cutOff = "its end is missing";

/**
 * Reads the size from the head of an image, and checks that the file has its end. Returns the reason if the bytes
 * are no whole image of the media type. It decodes no pixels.
 */
export function imageSize(bytes: Uint8Array, mediaType: string): ImageSize | string {
  const read = imageFormats[mediaType];
  if (read === undefined) return `expected ${imageTypes.join(", ")}`;
  const size = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (typeof size === "string") return size;
  return size.width > 0 && size.height > 0 ? size : `it has ${size.width} × ${size.height} pixels`;
}

function pngSize(view: DataView): ImageSize | string {
  if (!has(view, 0, "\x89PNG\r\n\x1a\n")) return "the signature of a PNG file is missing";
  if (!has(view, 12, "IHDR") || !endsWith(view, "IEND")) return cutOff;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function gifSize(view: DataView): ImageSize | string {
  if (!has(view, 0, "GIF87a") && !has(view, 0, "GIF89a")) return "the signature of a GIF file is missing";
  if (view.byteLength < 14 || !hasGifEnd(view)) return cutOff;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/**
 * Returns true if the blocks of a GIF lead to its trailer. The one byte of the trailer is frequent in pixels, so no
 * search can find it. A file that ends in that byte is whole even if its blocks are unusual.
 */
function hasGifEnd(view: DataView): boolean {
  const end = view.byteLength;
  if (view.getUint8(end - 1) === 0x3b) return true;
  for (let at = 13 + gifTableBytes(view.getUint8(10)); at < end;) {
    const kind = view.getUint8(at);
    if (kind === 0x3b) return true;
    // An extension has a label. An image has its place, a table of colours and a code size.
    if (kind === 0x21) at += 2;
    else if (kind === 0x2c && at + 9 < end) at += 11 + gifTableBytes(view.getUint8(at + 9));
    else return false;
    for (; at < end && view.getUint8(at) > 0; at += 1 + view.getUint8(at));
    at += 1;
  }
  return false;
}

/** Returns the bytes of a table of colours that its flags announce. */
function gifTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Walks the segments up to the one with the size (SOF). */
function jpegSize(view: DataView): ImageSize | string {
  if (!has(view, 0, "\xff\xd8\xff")) return "the signature of a JPEG file is missing";
  for (let at = 2; at + 9 <= view.byteLength;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return "a segment is damaged";
    // Fill bytes may precede a marker.
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) {
      if (!endsWith(view, "\xff\xd9")) return cutOff;
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else at += 2 + view.getUint16(at + 2);
  }
  return cutOff;
}

/** Start of frame, apart from the three markers in its range that mean something else (DHT, JPG, DAC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function webpSize(view: DataView): ImageSize | string {
  if (!has(view, 0, "RIFF") || !has(view, 8, "WEBP")) return "the signature of a WebP file is missing";
  if (view.byteLength < 30 || view.byteLength < view.getUint32(4, true) + 8) return cutOff;
  if (has(view, 12, "VP8X")) return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
  if (has(view, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!has(view, 12, "VP8 ")) return "the kind of its pixels is unknown";
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function has(view: DataView, at: number, text: string): boolean {
  if (at < 0 || at + text.length > view.byteLength) return false;
  return Array.from(text).every((sign, i) => view.getUint8(at + i) === sign.charCodeAt(0));
}

/** Programs may add a few bytes after the end, so the last 64 KiB are searched. */
function endsWith(view: DataView, text: string): boolean {
  for (let at = view.byteLength - text.length; at >= Math.max(2, view.byteLength - 65_536); at--)
    if (has(view, at, text)) return true;
  return false;
}
