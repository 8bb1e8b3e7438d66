import type { Refusal } from "@binnacle/retriever";

/** Returns the reason for a refusal as a sentence for people. */
export function refusalWords({
  reason,
  unknownNames,
}: Pick<Refusal, "reason" | "unknownNames">): string | undefined {
  switch (reason) {
    case "nothing-found":
      return "The search found no passage.";
    case "unknown-name":
      return `No document mentions ${unknownNames.map((name) => `"${name}"`).join(" or ")}.`;
    case "unrelated":
      return "The found passages are most likely about something else.";
    case "declined":
      return "The model found no answer in its passages.";
    default:
      return reason satisfies never;
  }
}
