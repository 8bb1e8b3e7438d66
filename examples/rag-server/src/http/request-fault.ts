import type { ConfigurationIssue } from "@binnacle/core";

/** Options of {@link RequestFault}. */
export interface RequestFaultOptions {
  /** Stable code. @default the usual one of the status */
  readonly code?: string | undefined;
  readonly issues?: readonly ConfigurationIssue[] | undefined;
  /** Headers of the reply. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A failure whose message the client may read. */
export class RequestFault extends Error {
  readonly statusCode: number;
  readonly code: string | undefined;
  readonly issues: readonly ConfigurationIssue[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(statusCode: number, message: string, options: RequestFaultOptions = {}) {
    super(message);
    this.statusCode = statusCode;
    this.code = options.code;
    this.issues = options.issues;
    this.headers = options.headers;
  }
}
