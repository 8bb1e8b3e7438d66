/** Returns a number with its noun: "1 document", "2 documents", "2 searches". */
export function counted(count, noun) {
  const ending = count === 1 ? "" : noun.endsWith("ch") ? "es" : "s";
  return `${count.toLocaleString("en")} ${noun}${ending}`;
}

/** Returns a number of bytes with a unit: "812 bytes", "1.4 MB". */
export function sizeText(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value.toFixed(step === 0 || value >= 100 ? 0 : 1)} ${units[step]}`;
}

/** Returns a time as the reader's country writes it. */
export function timeText(iso) {
  const options = { dateStyle: "medium", timeStyle: "short" };
  return iso === null ? "unknown" : new Date(iso).toLocaleString(undefined, options);
}

/** Returns a text as a sentence: with a capital letter and a full stop. */
export function sentence(text) {
  const whole = text.trim();
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}${/[.!?]$/.test(whole) ? "" : "."}`;
}

/** Returns the first words of a text as one line. */
export function firstWords(text, length = 110) {
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length > length ? `${plain.slice(0, length).trimEnd()}…` : plain;
}
