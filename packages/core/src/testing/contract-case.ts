/** One promise of an interface, as data: run it in any test runner. It rejects when the promise is broken. */
export interface ContractCase {
  /** The promise, in words. */
  readonly name: string;
  /** Checks it on a fresh subject and cleans up afterwards; resolves where the promise is kept. */
  readonly run: () => Promise<void>;
}

/** Makes the cases of one contract: each gets a fresh subject, which is disposed of afterwards whatever happened. */
export function contractCases<S>(
  create: () => Promise<S>,
  dispose: (subject: S) => Promise<void>,
  promises: readonly (readonly [name: string, body: (subject: S) => Promise<void>])[],
): readonly ContractCase[] {
  return promises.map(([name, body]) => ({
    name,
    run: async () => {
      const subject = await create();
      try {
        await body(subject);
      } finally {
        await dispose(subject);
      }
    },
  }));
}
