import type { DescService, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

export type CallContext = {
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
  ) => Promise<MessageInitShape<Service["method"][Name]["output"]>>;
};

export type UntypedHandler = (
  request: Message,
  context: CallContext,
) => Promise<Record<string, unknown>>;

export type ServiceImplementation = {
  readonly service: DescService;
  readonly handlers: Readonly<Record<string, UntypedHandler>>;
};

/** Pairs a service with its functions, for `openRpcServer`. */
export function implement<Service extends DescService>(
  service: Service,
  handlers: Handlers<Service>,
): ServiceImplementation {
  // The server looks handlers up by name; Handlers has checked each one's types.
  return { service, handlers: handlers as unknown as Record<string, UntypedHandler> };
}
