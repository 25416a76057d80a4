import { on, once } from "node:events";
import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { ChatError, type ListenAddress, type Logger, toChatError } from "@resonance/kit";
import { serviceDefinition } from "./definition.ts";
import type { CallerCheck } from "./identity/caller-check.ts";
import type { ServiceName } from "./identity/service-name.ts";
import type { ServiceImplementation, UntypedHandler } from "./implement.ts";
import { toStatus } from "./status.ts";

export type RpcServer = AsyncDisposable & {
  /** The port that was taken; of interest when port 0 was asked for. */
  readonly port: number;
};

const closeWithinMs = 10_000;

/**
 * Serves gRPC in clear text, to services that prove who they are by a token. Disposing stops
 * accepting, tells calls that stay open, lets running calls finish for at most 10 s, then cuts them.
 *
 * @throws Error when the address cannot be bound.
 */
export async function openRpcServer(options: {
  listen: ListenAddress;
  services: readonly ServiceImplementation[];
  /** `anybody` is for tests and measurements: nobody is asked who they are. */
  callers: CallerCheck | "anybody";
  log: Logger;
}): Promise<RpcServer> {
  // So that a call that stays open does not outlive a caller who vanished.
  const server = new Server({
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
  });
  const stop = new AbortController();
  for (const { service, handlers, mayCall } of options.services) {
    const calls = service.methods.map((method) => {
      const handler = handlers[method.localName];
      if (!handler) throw new TypeError(`${service.typeName}.${method.name} has no handler`);
      const admit = async (call: Call) => {
        if (options.callers === "anybody") return undefined;
        const authorization = call.metadata.get("authorization")[0]?.toString();
        const caller = await options.callers.callerOf(authorization);
        if (mayCall(method.localName, caller)) return caller;
        throw new ChatError("permission_denied", `${caller} may not call ${method.name}`, {
          reason: "not_allowed",
        });
      };
      const serve = method.methodKind === "bidi_streaming" ? openCall : unaryCall;
      return [method.localName, serve(method, handler, admit, options.log, stop.signal)];
    });
    server.addService(serviceDefinition(service), Object.fromEntries(calls));
  }
  const port = await bind(server, options.listen);
  return {
    port,
    [Symbol.asyncDispose]() {
      stop.abort();
      return close(server);
    },
  };
}

type Call = ServerUnaryCall<Message, Message> | ServerDuplexStream<Message, Message>;

/** Who calls. @throws ChatError for a caller who may not. */
type Admit = (call: Call) => Promise<ServiceName | undefined>;

function unaryCall(method: DescMethod, handler: UntypedHandler, admit: Admit, log: Logger) {
  return (call: ServerUnaryCall<Message, Message>, respond: sendUnaryData<Message>): void => {
    const { signal, answered } = cancellationOf(call);
    const answer = async () => {
      const caller = await admit(call);
      // implement() has checked that the handler of a unary method gives a promise.
      return (await handler(call.request, { signal, traceId: traceIdOf(call), caller })) as Record<
        string,
        unknown
      >;
    };
    answer().then(
      (response) => {
        answered();
        respond(null, create(method.output, response));
      },
      (error: unknown) => respond(failure(error, method, call, log)),
    );
  };
}

function openCall(
  method: DescMethod,
  handler: UntypedHandler,
  admit: Admit,
  log: Logger,
  stopping: AbortSignal,
) {
  return (call: ServerDuplexStream<Message, Message>): void => {
    const { signal, answered } = cancellationOf(call);
    let draining: Promise<void> | undefined;
    const drained = async () => {
      await once(call, "drain", { signal });
      draining = undefined;
    };
    const respond = async (response: Record<string, unknown>) => {
      signal.throwIfAborted();
      if (call.write(create(method.output, response))) return;
      // One listener for all who wait.
      draining ??= drained();
      await draining;
    };
    const answer = async () => {
      const caller = await admit(call);
      const context = { signal, traceId: traceIdOf(call), caller };
      await handler({ requests: requestsOf(call, signal), respond, stopping }, context);
      answered();
      call.end();
    };
    answer().catch((error: unknown) => {
      // Nobody is there to hear of it.
      if (!signal.aborted) call.emit("error", failure(error, method, call, log));
    });
  };
}

/** Not the stream's own iterator: that destroys the call, with the status that is to be sent. */
async function* requestsOf(
  call: ServerDuplexStream<Message, Message>,
  signal: AbortSignal,
): AsyncGenerator<Message, void, undefined> {
  const options = { close: ["end"], highWaterMark: 64, lowWaterMark: 16, signal };
  for await (const [request] of on(call, "data", options)) yield request;
}

/** The library says of every call in the end that it is cancelled, of one that is answered too. */
function cancellationOf(call: Call): { signal: AbortSignal; answered: () => void } {
  const cancel = new AbortController();
  const giveUp = () => cancel.abort(new ChatError("deadline_exceeded", "the caller gave up"));
  call.once("cancelled", giveUp);
  return { signal: cancel.signal, answered: () => call.off("cancelled", giveUp) };
}

function traceIdOf(call: Call): string | undefined {
  return call.metadata.get("trace-id")[0]?.toString();
}

function failure(error: unknown, method: DescMethod, call: Call, log: Logger) {
  const chatError = toChatError(error);
  const traceId = traceIdOf(call);
  if (chatError.code === "internal") {
    log.error({ err: error, traceId, method: method.name }, "call failed");
  } else if (chatError.reason === "not_allowed") {
    log.warn({ err: error, traceId, peer: call.getPeer() }, "caller refused");
  }
  return toStatus(chatError);
}

function bind(server: Server, listen: ListenAddress): Promise<number> {
  const address = `${listen.host.includes(":") ? `[${listen.host}]` : listen.host}:${listen.port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(new Error(`cannot listen on ${address}: ${error.message}`));
      else resolve(port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), closeWithinMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      server.forceShutdown();
      resolve();
    });
  });
}
