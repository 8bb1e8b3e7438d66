import { z } from "zod";

const user = z
  .string()
  .min(1)
  .max(256)
  .describe("Name of the user who judges, if the key serves several. Default: the key.");

export const feedbackRequest = z.strictObject({
  session_id: z.string().min(1).max(128).describe("The session with the judged answer."),
  turn: z
    .int()
    .min(0)
    .optional()
    .describe("Position of the turn among those that the session keeps. Default: the last."),
  feedback: z.number().min(-1).max(1).describe("From -1, useless, to 1, helpful."),
  consent: z.boolean().describe("True if the user agrees that question and answer are stored."),
  user: user.optional(),
});

export const feedbackReply = z.object({
  outcome: z.enum(["stored", "no_consent", "opted_out"]),
  question: z.string().describe("The question of the judged turn."),
});

export const forgetQuery = z.strictObject({ user: user.optional() });

export const forgetReply = z.object({ deleted: z.int().describe("Number of judged answers.") });
