import type { IncomingMessage, ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { Username } from "@resonance/mq-proto";
import { answerJson } from "./answer-json.ts";
import { clientIpOf, networkOf } from "./client-ip.ts";
import type { LimitedLog } from "./limited-log.ts";
import type { GatewayMetrics } from "./metrics.ts";
import { type Rate, TokenBuckets } from "./token-buckets.ts";

/** What is limited: all requests and sign-ins per client address, calls and messages per user. */
export type LimitName = "requests" | "sign_ins" | "calls" | "messages";

/** Without a rate there is no limit. */
export type LimitRates = Readonly<Record<LimitName, Rate | undefined>>;

type Options = {
  readonly rates: LimitRates;
  readonly trustedProxies: BlockList;
  readonly metrics: Pick<GatewayMetrics, "countLimited">;
  readonly limitedLog: LimitedLog;
};

/** The answer to whatever comes by HTTP over a limit. */
export const overLimit = { status: 429, error: "rate limit exceeded" } as const;

export function refuseOverLimit(response: ServerResponse): void {
  response.setHeader("retry-after", "1");
  answerJson(response, overLimit.status, { error: overLimit.error });
}

/** Who may ask how often. Each function counts one use and says whether it is allowed. */
export class Limits {
  readonly #options: Options;
  readonly #buckets: Readonly<Record<LimitName, TokenBuckets | undefined>>;

  constructor(options: Options) {
    this.#options = options;
    const { requests, sign_ins, calls, messages } = options.rates;
    this.#buckets = {
      requests: requests && new TokenBuckets(requests),
      sign_ins: sign_ins && new TokenBuckets(sign_ins),
      calls: calls && new TokenBuckets(calls),
      messages: messages && new TokenBuckets(messages),
    };
  }

  /** Any HTTP request, an upgrade too. */
  allowsRequest(request: IncomingMessage): boolean {
    return this.#allows("requests", () => this.addressOf(request));
  }

  /** A call of AuthService. */
  allowsSignIn(request: IncomingMessage): boolean {
    return this.#allows("sign_ins", () => this.addressOf(request));
  }

  /** A call of SessionService. */
  allowsCall(username: Username): boolean {
    return this.#allows("calls", () => username);
  }

  /** A chat packet, on whichever of the user's connections. */
  allowsMessage(username: Username): boolean {
    return this.#allows("messages", () => username);
  }

  #allows(limit: LimitName, key: () => string): boolean {
    const buckets = this.#buckets[limit];
    if (!buckets) return true;
    const who = key();
    if (buckets.take(who)) return true;
    this.#options.metrics.countLimited(limit);
    this.#options.limitedLog.warn({ limit, who }, `over the limit of ${limit}`);
    return false;
  }

  /** The client's address, or of IPv6 the network that one client has for itself. */
  addressOf(request: IncomingMessage): string {
    return networkOf(clientIpOf(request, this.#options.trustedProxies));
  }
}
