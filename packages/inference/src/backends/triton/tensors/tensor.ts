/** Datatypes of the KServe v2 protocol (https://kserve.github.io/website/docs/reference/protocol). */
export type Datatype = Tensor["datatype"];

/** The datatype of a tensor, and its elements in row-major order. */
export type TensorData =
  | { readonly datatype: "BOOL" | "UINT8"; readonly data: Uint8Array }
  | { readonly datatype: "UINT16"; readonly data: Uint16Array }
  | { readonly datatype: "UINT32"; readonly data: Uint32Array }
  | { readonly datatype: "UINT64"; readonly data: BigUint64Array }
  | { readonly datatype: "INT8"; readonly data: Int8Array }
  | { readonly datatype: "INT16"; readonly data: Int16Array }
  | { readonly datatype: "INT32"; readonly data: Int32Array }
  | { readonly datatype: "INT64"; readonly data: BigInt64Array }
  /** Bits of the 16-bit numbers, as a server returns them. Floats are accepted too, and are rounded. */
  | { readonly datatype: "FP16" | "BF16"; readonly data: Uint16Array | Float32Array }
  | { readonly datatype: "FP32"; readonly data: Float32Array }
  | { readonly datatype: "FP64"; readonly data: Float64Array }
  /** One entry per element. A string is sent as UTF-8. A server returns bytes. */
  | { readonly datatype: "BYTES"; readonly data: readonly (string | Uint8Array)[] };

/** A named array that a model reads or returns. */
export type Tensor = TensorData & {
  readonly name: string;
  /** Length of each dimension. The first dimension is the batch, if the model has batches. */
  readonly shape: readonly number[];
};

/** The class of a tensor's elements in memory, and the bytes of one element on the wire. */
interface ElementKind {
  readonly bytes: number;
  readonly isData: (data: unknown) => boolean;
  readonly expected: string;
}

const kind = (
  bytes: number,
  ...classes: readonly (abstract new (...args: never[]) => object)[]
): ElementKind => ({
  bytes,
  isData: (data) => classes.some((one) => data instanceof one),
  expected: classes.map(({ name }) => name).join(" or "),
});

const kinds: Readonly<Record<Datatype, ElementKind>> = {
  BOOL: kind(1, Uint8Array),
  UINT8: kind(1, Uint8Array),
  UINT16: kind(2, Uint16Array),
  UINT32: kind(4, Uint32Array),
  UINT64: kind(8, BigUint64Array),
  INT8: kind(1, Int8Array),
  INT16: kind(2, Int16Array),
  INT32: kind(4, Int32Array),
  INT64: kind(8, BigInt64Array),
  FP16: kind(2, Uint16Array, Float32Array),
  BF16: kind(2, Uint16Array, Float32Array),
  FP32: kind(4, Float32Array),
  FP64: kind(8, Float64Array),
  BYTES: {
    bytes: 0,
    isData: (data) =>
      Array.isArray(data) && data.every((one) => typeof one === "string" || one instanceof Uint8Array),
    expected: "an array of strings and Uint8Arrays",
  },
};

/** Bytes of one element. 0 for `BYTES`, whose elements have their own lengths. */
export function elementBytes(datatype: Datatype): number {
  return kinds[datatype].bytes;
}

/** Returns true for a name of the protocol. */
export function isDatatype(name: string): name is Datatype {
  return Object.hasOwn(kinds, name);
}

/** Returns the class of array that a datatype needs, if the data is something else. */
export function dataIssue(datatype: Datatype, data: unknown): string | undefined {
  const { isData, expected } = kinds[datatype];
  return isData(data) ? undefined : expected;
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
