import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "@resonance/kit";
import { answerJson } from "./answer-json.ts";
import { type Limits, refuseOverLimit } from "./limits.ts";
import type { LogicClients } from "./logic-clients.ts";
import { corsHeaders } from "./origins.ts";
import { requestIdsOf } from "./request-ids.ts";
import { plainHeaders } from "./security-headers.ts";
import { type ApiRequest, isApiPath } from "./serve-api.ts";

const readyTimeoutMs = 2_000;

export type RequestDeps = {
  readonly logic: Pick<LogicClients, "auth">;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly limits: Limits;
  readonly serveApi: (call: ApiRequest) => Promise<string | undefined>;
  readonly serveWeb: (request: IncomingMessage, response: ServerResponse) => void;
  readonly log: Logger;
};

/** Answers one HTTP request. Never rejects. */
export async function onRequest(
  deps: RequestDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { traceId, requestId } = requestIdsOf(request.headers);
  const ids = { "x-trace-id": traceId, "x-request-id": requestId };
  const cors = corsHeaders(request.headers, deps.allowedOrigins);
  for (const [name, value] of Object.entries({ ...plainHeaders, ...ids, ...cors })) {
    response.setHeader(name, value);
  }
  const url = urlOf(request);
  if (!url) {
    answerJson(response, 400, { error: "bad request: the URL or the Host header is malformed" });
    return;
  }
  try {
    await route(deps, { request, response, url, traceId });
  } catch (error) {
    deps.log.error({ err: error, traceId, path: url.pathname }, "request failed");
    if (response.headersSent) response.destroy();
    else answerJson(response, 500, { error: "internal error" });
  }
}

async function route(deps: RequestDeps, call: ApiRequest): Promise<void> {
  const { request, response, url } = call;
  if (request.method === "OPTIONS") {
    response.writeHead(204).end();
  } else if (url.pathname === "/health" && isReading(request)) {
    // Whoever watches over this gateway may share an address with its busiest users.
    answerJson(response, 200, { status: "ok" });
  } else if (!deps.limits.allowsRequest(request)) {
    refuseOverLimit(response);
  } else if (isApiPath(url.pathname)) {
    await withAccessLog(deps, call);
  } else if (!isReading(request)) {
    response.setHeader("allow", "GET, HEAD, OPTIONS");
    answerJson(response, 405, { error: "method not allowed" });
  } else if (url.pathname === "/ready") {
    const isReady = await reachesLogic(deps, call.traceId);
    answerJson(response, isReady ? 200 : 503, { status: isReady ? "ready" : "not_ready" });
  } else if (url.pathname === "/ws") {
    response.setHeader("upgrade", "websocket");
    answerJson(response, 426, { error: "upgrade required: this is a WebSocket" });
  } else {
    deps.serveWeb(request, response);
  }
}

function isReading(request: IncomingMessage): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/** The line never holds the query: it may carry a token. */
async function withAccessLog(deps: RequestDeps, call: ApiRequest): Promise<void> {
  const { request, response, url, traceId } = call;
  const startedAtMs = performance.now();
  let username: string | undefined;
  response.once("close", () => {
    const durationMs = Math.round(performance.now() - startedAtMs);
    const { method } = request;
    const outcome = response.writableFinished
      ? { status: response.statusCode }
      : { status: 499, aborted: true };
    deps.log.info(
      { method, path: url.pathname, ...outcome, durationMs, traceId, username },
      "request",
    );
  });
  username = await deps.serveApi(call);
}

async function reachesLogic(
  deps: Pick<RequestDeps, "logic" | "log">,
  traceId: string,
): Promise<boolean> {
  try {
    await deps.logic.auth.validateToken({}, AbortSignal.timeout(readyTimeoutMs), { traceId });
    return true;
  } catch (error) {
    deps.log.debug({ err: error }, "not ready");
    return false;
  }
}

/** Undefined when the request cannot be made sense of. */
function urlOf(request: IncomingMessage): URL | undefined {
  const { host } = request.headers;
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return URL.parse(request.url ?? "", `http://${host}`) ?? undefined;
}
