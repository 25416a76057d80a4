import { ChatError } from "@resonance/kit";
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { isServiceName, type ServiceName } from "./service-name.ts";

/** Says which service calls. */
export type CallerCheck = {
  /**
   * @param authorization the call's `authorization` metadata, `Bearer <token>`
   * @throws ChatError `unauthenticated`
   */
  callerOf(authorization: string | undefined): Promise<ServiceName>;
};

export type CallerCheckOptions = {
  /** The service that is called: tokens for another one are refused. */
  readonly self: ServiceName;
  /** Public keys; each one's `kid` is the service that it belongs to. */
  readonly keys: JSONWebKeySet;
  /** Who a call without a token is taken for, on a network that is trusted for it. */
  readonly withoutKey?: ServiceName | undefined;
  readonly nowMs?: () => number;
};

// Every caller has one or two at a time.
const mostRemembered = 64;
const longestToken = 4_096;

/** Verifies each token once and remembers it until it expires. */
export function createCallerCheck(options: CallerCheckOptions): CallerCheck {
  const { self, keys, withoutKey, nowMs = Date.now } = options;
  const keyOf = createLocalJWKSet(keys);
  const known = new Map<string, { readonly caller: ServiceName; readonly expiresAtMs: number }>();

  const verify = async (token: string): Promise<ServiceName> => {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ["EdDSA"],
      audience: self,
      requiredClaims: ["exp", "iss"],
      currentDate: new Date(nowMs()),
    });
    const { iss, exp = 0 } = payload;
    // The key belongs to one service; whoever holds it speaks for no other.
    if (!isServiceName(iss) || protectedHeader.kid !== iss) {
      throw new ChatError("unauthenticated", "the service token names another service");
    }
    if (known.size >= mostRemembered) known.clear();
    known.set(token, { caller: iss, expiresAtMs: exp * 1_000 });
    return iss;
  };

  return {
    async callerOf(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined && withoutKey !== undefined) return withoutKey;
      if (token === undefined || token.length > longestToken) {
        throw new ChatError("unauthenticated", "the call carries no service token");
      }
      const before = known.get(token);
      if (before && nowMs() < before.expiresAtMs) return before.caller;
      known.delete(token);
      try {
        return await verify(token);
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        throw new ChatError("unauthenticated", "the service token is not valid", { cause: error });
      }
    },
  };
}
