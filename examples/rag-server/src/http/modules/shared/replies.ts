import { failure } from "../../schemas.ts";

/** The failures that every route may reply with, by status. */
export const failureReplies = {
  400: failure.describe("The request is not valid; `issues` names the fields."),
  401: failure.describe("The request has no key, or a wrong or expired one."),
  403: failure.describe("The key lacks the permission, or does not reach the collection."),
  404: failure.describe("The collection, the point or the snapshot does not exist."),
  409: failure.describe("The stored state does not fit the request."),
  413: failure.describe("The request is too large."),
  415: failure.describe("The route does not take this content type."),
  421: failure.describe("The request is for another host."),
  422: failure.describe("The content of the request cannot be used."),
  429: failure.describe("Too many requests; `retry-after` says how many seconds to wait."),
  500: failure.describe("The server failed."),
  501: failure.describe("This server is not set up for the request."),
  502: failure.describe("The model server or the store failed."),
  503: failure.describe("The server is being stopped."),
  504: failure.describe("The reply did not come in time."),
  507: failure.describe("The store is full."),
} as const;
