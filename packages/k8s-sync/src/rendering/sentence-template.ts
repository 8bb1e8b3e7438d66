import type { JsonObject } from "../objects/json-at.ts";

/** The parts of an object that a template reads. All of them are redacted. */
export interface TemplateInput {
  readonly object: JsonObject;
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

/**
 * Describes objects of one kind. The first text is a predicate that follows the object's name, such as `runs
 * 2 of 3 replicas`. The others are sentences. An empty list says nothing beyond the name.
 */
export type SentenceTemplate = (input: TemplateInput) => readonly string[];
