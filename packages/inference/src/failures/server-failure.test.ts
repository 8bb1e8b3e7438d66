import { expect, test } from "vitest";
import { parseFailure } from "./server-failure.ts";

test.each([
  [
    '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    ["unavailable_error"],
    "Loading model",
  ],
  [
    '{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}',
    ["invalid_request_error", "model_not_found"],
    "No such model",
  ],
  ['{"error":"Unauthorized"}', [], "Unauthorized"],
  ['{"detail":"Not Found"}', [], "Not Found"],
  ['{"object":"error","message":"flat","type":"BadRequestError","code":400}', ["BadRequestError"], "flat"],
  ["<html>502 Bad Gateway</html>", [], "<html>502 Bad Gateway</html>"],
  ["42", [], "42"],
  ["", [], ""],
  ['{"error":{"message":"odd","type":7,"code":{"a":1}}}', [], "odd"],
  ['{"oops":true}', [], '{"oops":true}'],
  ["[1]", [], "[1]"],
])("reads the error body %s", (body, codes, message) => {
  expect(parseFailure({ body, status: 500 })).toEqual({ status: 500, codes, message });
});

test("takes the status of an error inside a stream from its code, as a number or a text", () => {
  const body = { message: "full", code: 503 };
  expect(parseFailure({ body })).toEqual({ status: 503, codes: [], message: "full" });
  expect(parseFailure({ body: { ...body, code: "503" } })).toMatchObject({ status: 503 });
});

test("keeps a gRPC status and reads its message from the body", () => {
  const failure = parseFailure({ grpcCode: 14, body: "GRPC server is shutting down" });
  expect(failure).toEqual({ grpcCode: 14, codes: [], message: "GRPC server is shutting down" });
});
