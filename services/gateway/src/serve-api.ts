import type { IncomingMessage, ServerResponse } from "node:http";
import { createContextValues } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { Logger } from "@resonance/kit";
import { AuthService, SessionService } from "@resonance/mq-proto/gateway";
import { answerJson } from "./answer-json.ts";
import { translateErrors } from "./api-error.ts";
import { type ApiCall, apiCallKey, apiRoutes } from "./api-routes.ts";
import { authenticate } from "./authenticate.ts";
import { type Limits, refuseOverLimit } from "./limits.ts";
import type { LogicClients } from "./logic-clients.ts";
import { tokenOf } from "./token.ts";

const maxBodyBytes = 256 * 1024;

export type ApiDeps = {
  readonly logic: Pick<LogicClients, "auth" | "session">;
  readonly limits: Limits;
  readonly log: Logger;
};

export type ApiRequest = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly traceId: string;
};

/** Whether the path belongs to the browser API, existing procedure or not. */
export function isApiPath(path: string): boolean {
  return path.startsWith("/resonance.gateway.v1.");
}

/**
 * Serves Connect (JSON and binary) and gRPC-Web. SessionService wants a token at every request;
 * without a good one the answer is plain JSON and no Connect error, as other gateways give it.
 * Returns the caller, where one is known.
 */
export function serveApi(deps: ApiDeps): (call: ApiRequest) => Promise<string | undefined> {
  const calls = new WeakMap<object, ApiCall>();
  const handle = connectNodeAdapter({
    routes: apiRoutes(deps),
    interceptors: [translateErrors(deps.log)],
    contextValues: (request) => {
      const call = calls.get(request);
      const values = createContextValues();
      return call ? values.set(apiCallKey, call) : values;
    },
    fallback: (_request, response) => {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"code":"unimplemented","message":"no such procedure"}');
    },
    grpc: false,
    readMaxBytes: maxBodyBytes,
  });
  return async ({ request, response, url, traceId }) => {
    const token = tokenOf(request.headers, url.searchParams);
    const address = deps.limits.addressOf(request);
    if (!url.pathname.startsWith(`/${SessionService.typeName}/`)) {
      const isSignIn = url.pathname.startsWith(`/${AuthService.typeName}/`);
      if (isSignIn && !deps.limits.allowsSignIn(request)) {
        refuseOverLimit(response);
        return undefined;
      }
      calls.set(request, { traceId, username: undefined, address, token });
      handle(request, response);
      return undefined;
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const result = await authenticate(deps, token, traceId, gone.signal);
    if (result.kind === "refused") {
      answerJson(response, result.refusal.status, { error: result.refusal.error });
      return undefined;
    }
    const { username } = result.caller;
    if (gone.signal.aborted) return username;
    if (!deps.limits.allowsCall(username)) {
      refuseOverLimit(response);
      return username;
    }
    calls.set(request, { traceId, username, address, token });
    handle(request, response);
    return username;
  };
}
