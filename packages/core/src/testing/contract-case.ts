/** One case of a contract, as data for any test runner. */
export interface ContractCase {
  /** The promise. It completes "it …". */
  readonly name: string;
  /** Checks the promise on a new subject and cleans up. Rejects if the promise is broken. */
  readonly run: () => Promise<void>;
}

/** Creates the cases of one contract. Each case gets a new subject, which is always disposed of
 * afterwards. */
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
