import type { Logger } from "@resonance/kit";
import { isUsername, type Username } from "@resonance/mq-proto";
import type { LogicClients } from "./logic-clients.ts";
import { markOf, type TokenMark } from "./token.ts";

/** Who calls, and how long that holds. */
export type Caller = {
  readonly username: Username;
  readonly token: TokenMark;
};

export type Refusal = { readonly status: 401 | 503; readonly error: string };

export type Authentication =
  | { readonly kind: "signed_in"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Asks Logic who a token belongs to. That Logic is away is not the caller's fault: 503, so that a
 * client keeps its token.
 */
export async function authenticate(
  deps: { readonly logic: Pick<LogicClients, "auth">; readonly log: Logger },
  token: string | undefined,
  traceId: string,
  signal: AbortSignal,
): Promise<Authentication> {
  if (token === undefined) return refused(401, "unauthorized: missing authentication token");
  try {
    const { valid, username } = await deps.logic.auth.validateToken(
      { accessToken: token },
      signal,
      { traceId },
    );
    // A Logic of the Go system takes names that no service of ours does.
    if (!valid || !isUsername(username)) {
      return refused(401, "unauthorized: invalid authentication token");
    }
    return { kind: "signed_in", caller: { username, token: markOf(token) } };
  } catch (error) {
    deps.log.warn({ err: error, traceId }, "cannot validate a token");
    return refused(503, "unavailable: the sign-in cannot be checked now");
  }
}

function refused(status: 401 | 503, error: string): Authentication {
  return { kind: "refused", refusal: { status, error } };
}
