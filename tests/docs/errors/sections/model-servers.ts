import { errorText, type ErrorSection } from "../error-section.ts";

export const modelServers: ErrorSection = {
  title: "Model servers",
  codes: {
    inference_invalid_request: errorText(
      "The server refuses the request.",
      "An option that this server does not accept.",
      "Read the message: it quotes the server.",
    ),
    inference_too_long: errorText(
      "A prompt or a text has more tokens than the model accepts.",
      "A long question, a large `limit`, or chunks larger than the embedder's limit.",
      "Shorten the input, or start the server with a larger `-c` and `-ub`.",
    ),
    inference_unsupported: errorText(
      "The server cannot do this at all.",
      "A chat server was asked to embed, or the reverse.",
      "Start the server with the option that the message names.",
    ),
    inference_unauthorized: errorText(
      "The server refuses the key.",
      "A wrong or missing key.",
      "Set `apiKey`.",
    ),
    inference_not_found: errorText(
      "The server has no such model or path.",
      "A wrong `model`, or an address with too many or too few path segments.",
      "Correct `model`, `url` or `baseUrl`.",
    ),
    inference_quota: errorText(
      "The account's credit or quota is used up.",
      "Billing.",
      "Pay, wait for the next period, or use another server.",
    ),
    inference_loading: errorText(
      "The model is not in memory yet.",
      "The server has just started.",
      "Wait. `health()` reports `degraded` until the model is ready.",
    ),
    inference_overloaded: errorText(
      "The server is full.",
      "More requests than the server has slots.",
      "Try again after `retryAfterMs`, lower `concurrency`, or add servers.",
    ),
    inference_unreachable: errorText(
      "There was no connection, or it broke before the answer.",
      "The server is not running, the address is wrong, or its certificate is not trusted.",
      "Start the server, or correct the address.",
    ),
    inference_interrupted: errorText(
      "The answer broke off. `partial` holds the part that arrived.",
      "The server stopped, or a proxy cut the connection.",
      "Ask again.",
    ),
    inference_engine_dead: errorText(
      "The server answers, but its engine has died.",
      "Often a lack of memory on the server.",
      "Restart the server.",
    ),
    inference_server: errorText(
      "The server failed in another way.",
      "See the server's log.",
      "Try again, then look at the log.",
    ),
    interrupted: errorText(
      "A backend's stream ended without a finish. `partial` holds the part that arrived.",
      "A backend of the app's own that breaks its contract.",
      "Run `inferenceBackendContract` against the backend.",
    ),
    embedding_failed: errorText(
      "The function that you gave to `createEmbedder` threw an error.",
      "The provider's client failed. `cause` has its error.",
      "Correct the function. A run of `follow` tries again by itself.",
    ),
    empty_input: errorText(
      "A text without words cannot be embedded.",
      "An empty document or an empty query.",
      "Leave the text out.",
    ),
  },
};
