import { errorText, type ErrorSection } from "../error-section.ts";

export const httpAndRedis: ErrorSection = {
  title: "HTTP and Redis",
  codes: {
    "http_*": errorText(
      "The server answered with this status, such as `http_404`.",
      "See the message, which quotes the answer.",
      "It depends on the status. `retryable` says if the same call may succeed later.",
    ),
    unreachable: errorText(
      "Nothing was sent, because there was no connection.",
      "The server is down, or the address is wrong.",
      "Start the server, or correct the address.",
    ),
    connection_lost: errorText(
      "The connection broke. The server may have processed the request.",
      "A restart, a proxy, or the network.",
      "Try again. Writes of Binnacle can be repeated.",
    ),
    tls_failed: errorText(
      "No trusted TLS connection is possible.",
      "An unknown certificate, a wrong host name, or a port that does not speak TLS.",
      "Give the certificate authority, or correct the address.",
    ),
    request_failed: errorText("The request failed in another way.", "See `cause`.", "Look at `cause`."),
    invalid_request: errorText(
      "The request cannot be sent as it is.",
      "A header or an address that HTTP does not allow.",
      "Correct the value that the message names.",
    ),
    response_too_large: errorText(
      "The answer is larger than `maxResponseBytes`.",
      "An unexpected server, or a large batch.",
      "Raise the limit if the size is expected.",
    ),
    unauthorized: errorText(
      "The server refuses the key or the password.",
      "A wrong or missing credential.",
      "Set `apiKey`, or correct the user and password in the URL.",
    ),
    forbidden: errorText(
      "The key or the user may not do this.",
      "Missing permissions.",
      "Allow the action that the message names.",
    ),
    busy: errorText(
      "Redis is starting or busy.",
      "A restart, or a long script.",
      "Wait. The cache counts misses meanwhile.",
    ),
    read_only: errorText(
      "The Redis server is a replica that accepts no writes.",
      "The address of a replica.",
      "Give the master's address, or `sentinel`.",
    ),
    cache_full: errorText(
      "Redis is full and evicts nothing.",
      "`maxmemory-policy` is `noeviction`.",
      "Set `allkeys-lru`, or give Redis more memory.",
    ),
    cluster_node: errorText(
      "The Redis server is a node of a cluster.",
      "`url` names one node.",
      "Give `cluster: [url]`.",
    ),
    no_cluster: errorText(
      "The Redis server is not a node of a cluster.",
      "`cluster` names a single server.",
      "Give `url`.",
    ),
    disk_failed: errorText(
      "Redis cannot save to disk and rejects writes.",
      "A full or broken disk on the server.",
      "Repair the disk, or set `stop-writes-on-bgsave-error` to `no`.",
    ),
    settings_unknown: errorText(
      "`health()` cannot read Redis's eviction policy. This is a warning.",
      "The user may not run `INFO`.",
      "Allow `INFO`, or set the policy yourself.",
    ),
  },
};
