// The HTML standard looks for a declared encoding in the first 1024 bytes.
const prescanBytes = 1024;
const comment = /<!(?=--)[^]*?(?:-->|$)/g;
const xmlDeclaration = /^<\?xml\s[^>]*encoding\s*=\s*["']([\w.:-]+)/;
const meta = /<meta[\s/]((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const attribute = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/**
 * Returns the name of the encoding that an HTML or XML file declares. Undefined if it declares no known
 * encoding.
 */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, prescanBytes)).replace(comment, "");
  const inMeta = Array.from(head.matchAll(meta), ([, inside = ""]) => labelIn(inside));
  const labels = [xmlDeclaration.exec(head)?.[1], ...inMeta];
  return labels.map(encodingOf).find((encoding) => encoding !== undefined);
}

/** Returns the encoding label that a `meta` element with these attributes declares. */
function labelIn(attributes: string): string | undefined {
  const values = new Map<string, string>();
  for (const [, name = "", double, single, bare] of attributes.matchAll(attribute)) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, double ?? single ?? bare ?? "");
  }
  const charset = values.get("charset");
  if (charset !== undefined || values.get("http-equiv")?.toLowerCase() !== "content-type") return charset;
  return /charset\s*=\s*["']?\s*([^\s"';]+)/i.exec(values.get("content") ?? "")?.[1];
}

function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    // A declaration in UTF-16 could not have been read, so UTF-16 cannot be true.
    return encoding.startsWith("utf-16") ? "utf-8" : encoding;
  } catch {
    return undefined; // an unknown label declares nothing
  }
}
