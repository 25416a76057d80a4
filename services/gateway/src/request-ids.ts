import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const usable = /^[\w.:-]{1,64}$/;

/** The caller's ids where they are fit for a log line, else fresh ones. */
export function requestIdsOf(headers: IncomingHttpHeaders): { traceId: string; requestId: string } {
  return {
    traceId: idFrom(headers["x-trace-id"]),
    requestId: idFrom(headers["x-request-id"]),
  };
}

function idFrom(header: string | string[] | undefined): string {
  return typeof header === "string" && usable.test(header) ? header : randomUUID();
}
