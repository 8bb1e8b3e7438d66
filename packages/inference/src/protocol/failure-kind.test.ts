import { expect, test } from "vitest";
import { kindOfStatus, mayPass, parseFailure } from "./failure-kind.ts";

test.each([
  [
    '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    "unavailable_error",
    "Loading model",
  ],
  [
    '{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}',
    "invalid_request_error model_not_found",
    "No such model",
  ],
  ['{"error":"Unauthorized"}', "", "Unauthorized"],
  ['{"detail":"Not Found"}', "", "Not Found"],
  ['{"object":"error","message":"flat","type":"BadRequestError","code":400}', "BadRequestError", "flat"],
  ["<html>502 Bad Gateway</html>", "", "<html>502 Bad Gateway</html>"],
  ["42", "", "42"],
])("the error body %s is understood", (body, type, message) => {
  expect(parseFailure(body, 500)).toEqual({ status: 500, type, message });
});

test("inside a stream the status is the error's own code", () => {
  expect(parseFailure({ message: "full", code: 503 })).toEqual({ status: 503, type: "", message: "full" });
});

test("a status alone tells whether waiting may help", () => {
  const kinds = [400, 401, 404, 413, 429, 500, 501, 502, 503].map(kindOfStatus);
  expect(kinds.filter(mayPass)).toEqual(["overloaded", "server", "unreachable", "overloaded"]);
});
