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
  [Name in keyof Service["method"]]: Handler<Service["method"][Name]>;
};

type Handler<Method extends DescMethod> = Method["methodKind"] extends "bidi_streaming"
  ? (
      exchange: Exchange<MessageShape<Method["input"]>, MessageInitShape<Method["output"]>>,
      context: CallContext,
    ) => Promise<void>
  : (
      request: MessageShape<Method["input"]>,
      context: CallContext,
    ) => Promise<MessageInitShape<Method["output"]>>;

/** A call that stays open, with messages both ways. It ends when its handler's promise settles. */
export type Exchange<Request, Response> = {
  /** Ends when the caller says that no more comes; throws when the call is cut. */
  readonly requests: AsyncIterable<Request>;
  /** Resolves when there is room for more. Rejects when the call is cut. */
  respond(response: Response): Promise<void>;
  /**
   * Aborted when the server stops: calls that stay open are to come to an end within 10 s, or are
   * cut.
   */
  readonly stopping: AbortSignal;
};

/** Of a unary RPC and of one that stays open. */
export type UntypedHandler = (
  request: Message | Exchange<Message, Record<string, unknown>>,
  context: CallContext,
) => Promise<Record<string, unknown> | undefined>;

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
