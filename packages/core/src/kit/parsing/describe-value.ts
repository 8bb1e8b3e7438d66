/** Describes a value for a message by its type, and by the value itself if it is short. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "string") return `the string ${quoted(value)}`;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "bigint") return `the BigInt ${value}`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  return described(value);
}

function described(value: object): string {
  const name = className(value);
  if (name === "Promise" || ("then" in value && typeof value.then === "function"))
    return "a Promise; await it first";
  if (name !== undefined) return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  return `an object with ${keys.slice(0, 4).join(", ")}${keys.length > 4 ? ", …" : ""}`;
}

/** Returns the name of a value's class, or undefined for a plain object. */
function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return undefined;
  const maker: unknown = Reflect.get(prototype, "constructor");
  const name = typeof maker === "function" ? maker.name : "";
  return name === "" || name === "Object" ? undefined : name;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text);
}
