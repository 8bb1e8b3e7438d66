/** Returns an attribute of a tag in the namespace `w`, whichever quotes the file uses. */
export function attributeOf(tag: string, name: string): string | undefined {
  return new RegExp(`\\bw:${name}\\s*=\\s*(["'])(.*?)\\1`, "su").exec(tag)?.[2];
}

/** Returns true unless a switch, such as `<w:vanish/>`, is set to off. */
export function isOn(tag: string): boolean {
  return !["0", "false", "off"].includes(attributeOf(tag, "val") ?? "");
}
