import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { ChatError, type ListenAddress, type Logger, toChatError } from "@resonance/kit";
import { serviceDefinition } from "./definition.ts";
import type { ServiceImplementation, UntypedHandler } from "./implement.ts";
import { toStatus } from "./status.ts";

export type RpcServer = AsyncDisposable & {
  /** The port that was taken; of interest when port 0 was asked for. */
  readonly port: number;
};

const closeWithinMs = 10_000;

/**
 * Serves unary gRPC in clear text. Disposing stops accepting, lets running calls finish for at
 * most 10 s, then cuts them.
 *
 * @throws Error when the address cannot be bound.
 */
export async function openRpcServer(options: {
  listen: ListenAddress;
  services: readonly ServiceImplementation[];
  log: Logger;
}): Promise<RpcServer> {
  const server = new Server();
  for (const { service, handlers } of options.services) {
    const calls = service.methods.map((method) => {
      const handler = handlers[method.localName];
      if (!handler) throw new TypeError(`${service.typeName}.${method.name} has no handler`);
      return [method.localName, unaryCall(method, handler, options.log)];
    });
    server.addService(serviceDefinition(service), Object.fromEntries(calls));
  }
  const port = await bind(server, options.listen);
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

function unaryCall(method: DescMethod, handler: UntypedHandler, log: Logger) {
  return (call: ServerUnaryCall<Message, Message>, respond: sendUnaryData<Message>): void => {
    const cancel = new AbortController();
    call.once("cancelled", () =>
      cancel.abort(new ChatError("deadline_exceeded", "the caller gave up")),
    );
    const traceId = call.metadata.get("trace-id")[0]?.toString();
    handler(call.request, { signal: cancel.signal, traceId }).then(
      (response) => respond(null, create(method.output, response)),
      (error: unknown) => {
        const chatError = toChatError(error);
        if (chatError.code === "internal") {
          log.error({ err: error, traceId, method: method.name }, "call failed");
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
