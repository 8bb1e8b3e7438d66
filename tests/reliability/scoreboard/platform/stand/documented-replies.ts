import { z } from "zod";

const operation = z.object({ responses: z.record(z.string(), z.unknown()) });
const description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const failure = z.object({ code: z.string().min(1), message: z.string().min(1) });

/** Tells which replies the server's own OpenAPI document describes. */
export interface DocumentedReplies {
  /** Every operation: `POST /api/v1/vectors/{id}`. */
  readonly operations: readonly string[];
  /** Returns true if the operation may reply so: a known status and, for a failure, a code and a message. */
  includes(operation: string, status: number, body: string): boolean;
}

/** Reads the OpenAPI document of a server. */
export async function readDocumentedReplies(url: string): Promise<DocumentedReplies> {
  const response = await fetch(new URL("/docs/json", url));
  const { paths } = description.parse(await response.json());
  const statuses = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, value]): [string, ReadonlySet<string>] => {
        const { responses = {} } = operation.safeParse(value).data ?? {};
        return [`${method.toUpperCase()} ${path}`, new Set(Object.keys(responses))];
      }),
    ),
  );
  return {
    operations: [...statuses.keys()],
    includes: (name, status, body) => {
      if (statuses.get(name)?.has(String(status)) !== true) return false;
      return status < 400 || isHealth(name) || isFailure(body);
    },
  };
}

/** Health replies with its report, whatever its status. */
function isHealth(name: string): boolean {
  return name.includes("/health");
}

function isFailure(body: string): boolean {
  try {
    return failure.safeParse(JSON.parse(body)).success;
  } catch {
    return false; // no JSON
  }
}
