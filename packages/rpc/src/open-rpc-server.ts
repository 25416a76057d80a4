import { once } from "node:events";
import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
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
 * accepting, lets running calls finish for at most 10 s, then cuts them.
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
  const server = new Server();
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
      const serve = method.methodKind === "server_streaming" ? streamCall : unaryCall;
      return [method.localName, serve(method, handler, admit, options.log)];
    });
    server.addService(serviceDefinition(service), Object.fromEntries(calls));
  }
  const port = await bind(server, options.listen);
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

type Call = ServerUnaryCall<Message, Message> | ServerWritableStream<Message, Message>;

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

function streamCall(method: DescMethod, handler: UntypedHandler, admit: Admit, log: Logger) {
  return (call: ServerWritableStream<Message, Message>): void => {
    const { signal, answered } = cancellationOf(call);
    const answer = async () => {
      const caller = await admit(call);
      // implement() has checked that the handler of a streaming method gives an iterable.
      const answers = handler(call.request, {
        signal,
        traceId: traceIdOf(call),
        caller,
      }) as AsyncIterable<Record<string, unknown>>;
      for await (const response of answers) {
        signal.throwIfAborted();
        const hasRoom = call.write(create(method.output, response));
        if (!hasRoom) await once(call, "drain", { signal });
      }
      answered();
      call.end();
    };
    answer().catch((error: unknown) => call.emit("error", failure(error, method, call, log)));
  };
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
