import {
  BinnacleError,
  ConfigurationError,
  FencedError,
  TimeoutError,
  UnsupportedError,
  type ConfigurationIssue,
} from "@binnacle/core";

/** An error as plain data, because structured cloning would remove class, code and issues. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: WireError | undefined;
  /** Missing for an error of another library. */
  readonly code?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly issues?: readonly ConfigurationIssue[] | undefined;
  readonly afterMs?: number | undefined;
  readonly phase?: string | undefined;
  readonly capability?: string | undefined;
  readonly highestToken?: number | undefined;
}

/** Returns an error as plain data. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  const cause = error.cause === undefined ? undefined : toWireError(error.cause);
  if (!BinnacleError.isInstance(error)) return { name, message, stack, cause };
  const base: WireError = { name, message, stack, cause, code: error.code, retryable: error.retryable };
  if (ConfigurationError.isInstance(error)) return { ...base, issues: error.issues };
  if (TimeoutError.isInstance(error)) return { ...base, afterMs: error.afterMs, phase: error.phase };
  if (FencedError.isInstance(error)) return { ...base, highestToken: error.highestToken };
  if (UnsupportedError.isInstance(error)) return { ...base, capability: error.capability };
  return base;
}

/** Restores an error with its class, code, issues, causes and original stack. */
export function fromWireError(wire: WireError): Error {
  const error = revive(wire);
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** Restores an error that one of our own checks has thrown. */
export function fromWireFailure(wire: WireError): BinnacleError {
  const error = fromWireError(wire);
  return BinnacleError.isInstance(error)
    ? error
    : new BinnacleError("internal", wire.message, { cause: error });
}

function revive(wire: WireError): Error {
  const { message, code, retryable } = wire;
  const options = wire.cause === undefined ? {} : { cause: fromWireError(wire.cause) };
  if (code === undefined) return new Error(message, options);
  switch (wire.name) {
    case "ConfigurationError":
      return new ConfigurationError(message, { ...options, code, retryable, issues: wire.issues });
    case "TimeoutError":
      return new TimeoutError(message, {
        ...options,
        afterMs: wire.afterMs ?? 0,
        phase: wire.phase ?? "total",
      });
    case "FencedError":
      return new FencedError(message, { ...options, highestToken: wire.highestToken ?? 0 });
    case "UnsupportedError":
      return new UnsupportedError(message, { ...options, capability: wire.capability ?? "" });
    default:
      return new BinnacleError(code, message, { ...options, retryable });
  }
}
