import {
  ConfigurationError,
  InferenceError,
  TimeoutError,
  type BinnacleError,
  type InferenceErrorKind,
} from "@binnacle/core";

const byKind: Readonly<Record<InferenceErrorKind, string>> = {
  "invalid-request": "The model server refused the question.",
  "too-long": "The question and its passages are too long for the model.",
  unsupported: "The model does not support this request.",
  unauthorized: "The model server does not accept this server's key.",
  "not-found": "The model server does not have the requested model.",
  quota: "The quota of the model server is used up.",
  loading: "The model is still loading; ask again in a moment.",
  overloaded: "The model server is busy; ask again in a moment.",
  unreachable: "The model server cannot be reached.",
  interrupted: "The model server ended the answer early; ask again.",
  "engine-dead": "The model server's engine has died and needs a restart.",
  server: "The model server failed.",
};

/**
 * Returns one sentence on the cause that anybody may read. It holds no addresses, paths or internal names.
 */
export function sentenceFor(error: BinnacleError): string {
  if (InferenceError.isInstance(error)) return byKind[error.kind];
  if (error.code === "stopped") return "The server is being stopped; ask again later.";
  if (error.code === "not_found") return "Nothing is indexed yet; ask again after an ingest.";
  if (TimeoutError.isInstance(error)) return "The answer did not come in time.";
  if (ConfigurationError.isInstance(error))
    return "The index does not match this server's settings; the server's log says why.";
  return "A part of this server failed; its log says which.";
}
