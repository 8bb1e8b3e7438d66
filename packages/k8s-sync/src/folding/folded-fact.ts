/** One pod of a workload, in the few words that the workload's document says about it. */
export interface PodFact {
  readonly type: "pod";
  readonly name: string;
  /** True if the pod runs and is ready, or has finished well. */
  readonly isHealthy: boolean;
  /** The state in words, such as `container web waits, CrashLoopBackOff`. */
  readonly state: string;
  /** Empty while the pod is not scheduled. */
  readonly node: string;
  readonly images: readonly string[];
}

/** The last warning of one reason about an object. */
export interface EventFact {
  readonly type: "event";
  readonly reason: string;
  readonly message: string;
}

/** An object that only leads to another: a ReplicaSet to its Deployment, a Job to its CronJob. */
export interface LinkFact {
  readonly type: "link";
}

/** The part of an object that another object's document tells. */
export type FoldedFact = PodFact | EventFact | LinkFact;

/** An object that has no document of its own. */
export interface FoldedObject {
  /** Key of the object into which it is folded. See `objectKey`. */
  readonly into: string;
  readonly fact: FoldedFact;
}
