import { callApi } from "./api.js";
import { sentence } from "./words.js";

/** A failed call. The message is written for the reader. `issues` name the fields that are wrong. */
export class Failure extends Error {
  constructor(message, { status, code, issues = [] } = {}) {
    super(message);
    Object.assign(this, { status, code, issues });
  }
}

/** Calls the API. Resolves to the response, or rejects with a `Failure`. An abort rejects as it is. */
export async function request(
  path,
  { body, signal, method = body === undefined ? "GET" : "POST", tenant } = {},
) {
  const isBytes = body instanceof Blob;
  const type = isBytes ? "application/octet-stream" : "application/json";
  const response = await callApi(`api/v1/${path}`, {
    method,
    signal,
    headers: { ...(body !== undefined && { "content-type": type }), ...(tenant && { "x-tenant": tenant }) },
    ...(body !== undefined && { body: isBytes ? body : JSON.stringify(body) }),
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Failure("The server does not answer.");
  });
  if (response.ok) return response;
  const failure = await response.json().catch(() => ({}));
  throw new Failure(plainWords(response, failure), { status: response.status, ...failure });
}

/** Calls the API and resolves to the reply's JSON. */
export async function requestJson(path, options) {
  return await (await request(path, options)).json();
}

function plainWords({ status, headers }, { message }) {
  if (status === 401) return "This server needs a key that it knows. Enter it at the top of the page.";
  if (status === 403) return `Your key does not allow this: ${message ?? "it lacks a permission"}.`;
  if (status === 429)
    return `Too many requests. Try again in ${headers.get("retry-after") ?? "some"} seconds.`;
  return message === undefined ? `The server answered with status ${status}.` : sentence(message);
}
