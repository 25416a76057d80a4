import type {
  DescMethod,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { ServiceName } from "./identity/service-name.ts";

export type CallContext = {
  /** Who calls; undefined on a server that asks nobody who they are. */
  readonly caller: ServiceName | undefined;
  /** Aborted when the caller gives up or the deadline passes. */
  readonly signal: AbortSignal;
  /** The caller's trace id for the log, if it sent one. */
  readonly traceId: string | undefined;
};

/** One function per RPC; what it throws becomes the status, unknown errors become `internal`. */
export type Handlers<Service extends DescService> = {
  [Name in keyof Service["method"]]: (
    request: MessageShape<Service["method"][Name]["input"]>,
    context: CallContext,
  ) => Answer<Service["method"][Name]>;
};

/** An RPC that answers with a stream yields its answers; the call ends with the last. */
type Answer<Method extends DescMethod> = Method["methodKind"] extends "server_streaming"
  ? AsyncIterable<MessageInitShape<Method["output"]>>
  : Promise<MessageInitShape<Method["output"]>>;

export type UntypedHandler = (
  request: Message,
  context: CallContext,
) => Promise<Record<string, unknown>> | AsyncIterable<Record<string, unknown>>;

/** Which services may call: every RPC, and some RPCs besides. */
export type Callers<Service extends DescService> = {
  readonly of: readonly ServiceName[];
  readonly also?: { readonly [Name in keyof Service["method"]]?: readonly ServiceName[] };
};

export type ServiceImplementation = {
  readonly service: DescService;
  readonly mayCall: (method: string, caller: ServiceName) => boolean;
  readonly handlers: Readonly<Record<string, UntypedHandler>>;
};

/**
 * Pairs a service with its functions, for `openRpcServer`. Without `callers` every service that can
 * prove who it is may call.
 */
export function implement<Service extends DescService>(
  service: Service,
  handlers: Handlers<Service>,
  callers?: Callers<Service>,
): ServiceImplementation {
  const also: Readonly<Record<string, readonly ServiceName[] | undefined>> = callers?.also ?? {};
  const mayCall = (method: string, caller: ServiceName) =>
    callers === undefined || callers.of.includes(caller) || also[method]?.includes(caller) === true;
  // The server looks handlers up by name; Handlers has checked each one's types.
  return { service, mayCall, handlers: handlers as unknown as Record<string, UntypedHandler> };
}
