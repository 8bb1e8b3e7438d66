import { BinnacleError, type ContentPart, type EmbedInput } from "@binnacle/core";
import { RequestFault } from "../../request-fault.ts";
import type { ApiApp, ApiModule, ApiParts } from "../shared/api-parts.ts";
import { callsOf } from "../shared/calls.ts";
import { itemFailure } from "../shared/item-failure.ts";
import { failureReplies } from "../shared/replies.ts";
import { embedReply, embedRequest, type InputField } from "./embed-schemas.ts";
import { readImage } from "./read-image.ts";

const maxBytes = 32 * 1024 * 1024;

/** The route that embeds texts and images. */
export const embedModule: ApiModule = async (app, { parts }) => addEmbed(app, parts);

function addEmbed(app: ApiApp, { embedder, running }: ApiParts): void {
  const schema = {
    summary: "Make vectors of texts and images, with an outcome for each.",
    description: "The status is 207 if some inputs failed.",
    tags: ["embed"],
    body: embedRequest,
    response: { 200: embedReply, 207: embedReply, ...failureReplies },
  };
  const config = { access: { permission: "GenerateText", row: "T7" } } as const;
  app.post("/embed", { schema, config, bodyLimit: maxBytes }, async (request, reply) => {
    if (embedder === undefined) throw noEmbedder();
    const { input, role } = request.body;
    const { model: options } = callsOf(request, reply, running);
    const inputs = [input].flat().map(readInput);
    const usable = inputs.flatMap((one) => (BinnacleError.isInstance(one) ? [] : [one]));
    const { space } = await embedder.describe(options);
    const result = await embedder.embed(usable, { ...options, role });
    const made = result.outcomes.values();
    const outcomes = inputs.map((one, index) => {
      const outcome = BinnacleError.isInstance(one) ? one : made.next().value;
      if (outcome instanceof Float32Array) return { index, status: "ok" as const, vector: [...outcome] };
      const error = itemFailure(outcome ?? new BinnacleError("internal", "the embedder gave no vector"));
      return { index, status: "failed" as const, error };
    });
    const failed = outcomes.filter(({ status }) => status === "failed").length;
    const counts = { succeeded: outcomes.length - failed, failed };
    const { dimensions, id } = space;
    return await reply
      .status(failed === 0 ? 200 : 207)
      .send({ space: id, dimensions, usage: result.usage, ...counts, outcomes });
  });
}

function readInput(input: InputField): EmbedInput | BinnacleError {
  if (typeof input === "string") return input;
  const { text, image } = input;
  const content: ContentPart[] = text === undefined ? [] : [{ type: "text", text }];
  if (image !== undefined) {
    const read = readImage(image);
    if (BinnacleError.isInstance(read)) return read;
    content.push({ type: "image", image: read });
  }
  if (content.length > 0) return { content };
  return new BinnacleError("invalid_input", "the input has neither a text nor an image");
}

function noEmbedder(): RequestFault {
  const message = "this server has no embedder; start it with BINNACLE_EMBED_URL";
  return new RequestFault(501, message, { code: "no_embedder" });
}
