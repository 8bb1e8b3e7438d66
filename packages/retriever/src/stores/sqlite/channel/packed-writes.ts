import type { SparseVector, Upsert, Write } from "@binnacle/core";

/** Position of one vector in the shared numbers. */
type Slice = readonly [start: number, end: number];

/** A write without its vectors. */
type BareWrite = Exclude<Write, Upsert> | Omit<Upsert, "dense" | "sparse">;

interface PackedWrite {
  readonly write: BareWrite;
  readonly dense?: Slice | undefined;
  readonly indices?: Slice | undefined;
  /** May differ in length from the indices. The worker reports it. */
  readonly values?: Slice | undefined;
}

/** A batch whose vectors are in three buffers, which move to another thread without another copy. */
export interface PackedWrites {
  readonly writes: readonly PackedWrite[];
  readonly dense: Float32Array<ArrayBuffer>;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
}

/** Copies the vectors into buffers. */
export function packWrites(batch: readonly Write[]): PackedWrites {
  const upserts = batch.filter((write) => write.type === "upsert");
  const total = (length: (write: Upsert) => number | undefined): number =>
    upserts.reduce((sum, write) => sum + (length(write) ?? 0), 0);
  const dense = packer(new Float32Array(total((write) => write.dense?.length)));
  const indices = packer(new Uint32Array(total((write) => write.sparse?.indices.length)));
  const values = packer(new Float32Array(total((write) => write.sparse?.values.length)));
  const writes = batch.map((write): PackedWrite => {
    if (write.type !== "upsert") return { write };
    const { dense: denseVector, sparse, ...bare } = write;
    return {
      write: bare,
      dense: dense.add(denseVector),
      indices: indices.add(sparse?.indices),
      values: values.add(sparse?.values),
    };
  });
  return { writes, dense: dense.numbers, indices: indices.numbers, values: values.numbers };
}

/** Returns the buffers that can be transferred. */
export function transferables({ dense, indices, values }: PackedWrites): readonly ArrayBuffer[] {
  return [dense.buffer, indices.buffer, values.buffer];
}

/** Returns the writes. Their vectors are views into the buffers. */
export function unpackWrites(packed: PackedWrites): readonly Write[] {
  return packed.writes.map(({ write, dense, indices, values }): Write => {
    if (write.type !== "upsert") return write;
    return {
      ...write,
      dense: dense && packed.dense.subarray(...dense),
      sparse: indices && values && sparseVector(packed, indices, values),
    };
  });
}

function sparseVector(packed: PackedWrites, indices: Slice, values: Slice): SparseVector {
  return { indices: packed.indices.subarray(...indices), values: packed.values.subarray(...values) };
}

interface Packer<A> {
  readonly numbers: A;
  add(part: ArrayLike<number> | undefined): Slice | undefined;
}

function packer<A extends { set(part: ArrayLike<number>, at: number): void }>(numbers: A): Packer<A> {
  let end = 0;
  return {
    numbers,
    add(part) {
      if (part === undefined) return undefined;
      const start = end;
      numbers.set(part, start);
      end += part.length;
      return [start, end];
    },
  };
}
