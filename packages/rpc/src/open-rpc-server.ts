import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
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
 * Serves unary gRPC in clear text, to services that prove who they are by a token. Disposing stops accepting, lets running calls finish for at
 * most 10 s, then cuts them.
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
      const admit = async (call: ServerUnaryCall<Message, Message>) => {
        if (options.callers === "anybody") return undefined;
        const authorization = call.metadata.get("authorization")[0]?.toString();
        const caller = await options.callers.callerOf(authorization);
        if (mayCall(method.localName, caller)) return caller;
        throw new ChatError("permission_denied", `${caller} may not call ${method.name}`, {
          reason: "not_allowed",
        });
      };
      return [method.localName, unaryCall(method, handler, admit, options.log)];
    });
    server.addService(serviceDefinition(service), Object.fromEntries(calls));
  }
  const port = await bind(server, options.listen);
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

function unaryCall(
  method: DescMethod,
  handler: UntypedHandler,
  admit: (call: ServerUnaryCall<Message, Message>) => Promise<ServiceName | undefined>,
  log: Logger,
) {
  return (call: ServerUnaryCall<Message, Message>, respond: sendUnaryData<Message>): void => {
    const cancel = new AbortController();
    call.once("cancelled", () =>
      cancel.abort(new ChatError("deadline_exceeded", "the caller gave up")),
    );
    const traceId = call.metadata.get("trace-id")[0]?.toString();
    const answer = async () => {
      const caller = await admit(call);
      return await handler(call.request, { signal: cancel.signal, traceId, caller });
    };
    answer().then(
      (response) => respond(null, create(method.output, response)),
      (error: unknown) => {
        const chatError = toChatError(error);
        if (chatError.code === "internal") {
          log.error({ err: error, traceId, method: method.name }, "call failed");
        } else if (chatError.reason === "not_allowed") {
          log.warn({ err: error, traceId, peer: call.getPeer() }, "caller refused");
        }
        respond(toStatus(chatError));
      },
    );
  };
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
