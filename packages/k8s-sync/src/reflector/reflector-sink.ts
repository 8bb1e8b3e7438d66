import type { BinnacleError } from "@binnacle/core";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";

/** Receives what a {@link Reflector} learns about one scope, in order. */
export interface ReflectorSink {
  /** A listing begins. */
  started(): void;
  /** An object of the open listing. */
  listed(object: KubernetesObject): void;
  /** The listing showed every object as of `resourceVersion`. */
  complete(resourceVersion: string, asOf: number): void;
  /** The open listing failed. The objects that it did not show may still exist. */
  aborted(error: BinnacleError): void;
  /** An object is new or has changed. */
  changed(object: KubernetesObject): void;
  /** An object is gone. */
  removed(object: KubernetesObject): void;
  /** Every change up to `resourceVersion` was reported. */
  position(resourceVersion: string): void;
  /** The scope is in step with the server. `asOf` is in epoch milliseconds. */
  current(asOf: number): void;
  /** The scope cannot be kept in step. */
  degraded(error: BinnacleError): void;
  /** Resolves once the reader has taken enough changes. */
  room(signal: AbortSignal): Promise<void>;
}
