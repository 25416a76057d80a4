import {
  create,
  type DescMethod,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ChatError } from "@resonance/kit";
import { methodDefinition } from "./definition.ts";
import type { ServiceCredential } from "./identity/service-credential.ts";
import { fromStatus } from "./status.ts";

export type CallOptions = {
  /** How long the whole call may take; 5,000 ms unless told. */
  readonly timeoutMs?: number;
  readonly traceId?: string | undefined;
};

/** The methods of a service; each throws a ChatError. */
export type RpcClient<Service extends DescService> = {
  [Name in keyof Service["method"]]: (
    request: MessageInitShape<Service["method"][Name]["input"]>,
    signal: AbortSignal,
    options?: CallOptions,
  ) => Answer<Service["method"][Name]>;
} & AsyncDisposable;

/** Of an RPC that answers with a stream: who stops reading cancels the call. */
type Answer<Method extends DescMethod> = Method["methodKind"] extends "server_streaming"
  ? AsyncIterable<MessageShape<Method["output"]>>
  : Promise<MessageShape<Method["output"]>>;

type Caller = { readonly client: Client; readonly credential: ServiceCredential | undefined };

const defaultTimeoutMs = 5_000;

/**
 * A client of one service at `host:port`, or at all addresses that the name has. Connects at the first call and for ever again after that;
 * while the server is away calls fail at once with `unavailable`. Without a credential it reaches
 * only servers that ask for none.
 */
export function openRpcClient<Service extends DescService>(
  service: Service,
  address: string,
  credential?: ServiceCredential,
): RpcClient<Service> {
  const client = new Client(address, credentials.createInsecure(), {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    // A page of history has up to 100 messages of 65,000 bytes; gRPC's own limit is 4 MiB.
    "grpc.max_receive_message_length": 16 * 1024 ** 2,
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
    // Two clients of one process to one address must not share a connection: closing one is final.
    "grpc.use_local_subchannel_pool": 1,
    // Behind a name with several addresses each gets its share, and one that is gone gets none.
    "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });
  const methods = service.methods.map((method) => {
    const call = method.methodKind === "server_streaming" ? callStream : callUnary;
    return [
      method.localName,
      (
        request: MessageInitShape<DescMethod["input"]>,
        signal: AbortSignal,
        options?: CallOptions,
      ) => call({ client, credential }, method, create(method.input, request), signal, options),
    ];
  });
  // Built from the same descriptor that the type is computed from.
  return {
    ...Object.fromEntries(methods),
    [Symbol.asyncDispose]: async () => client.close(),
  } as RpcClient<Service>;
}

async function callUnary(
  { client, credential }: Caller,
  method: DescMethod,
  request: Message,
  signal: AbortSignal,
  options: CallOptions = {},
): Promise<Message> {
  const definition = methodDefinition(method);
  const metadata = await metadataOf(credential, options);
  return await new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const call = client.makeUnaryRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      request,
      metadata,
      deadlineOf(options),
      (error, response) => {
        signal.removeEventListener("abort", cancel);
        if (signal.aborted) reject(signal.reason);
        else if (error) reject(fromStatus(error));
        else if (response) resolve(response);
        else reject(new ChatError("internal", `${definition.path} answered nothing`));
      },
    );
    const cancel = () => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
  });
}

async function* callStream(
  { client, credential }: Caller,
  method: DescMethod,
  request: Message,
  signal: AbortSignal,
  options: CallOptions = {},
): AsyncGenerator<Message, void, undefined> {
  const definition = methodDefinition(method);
  const metadata = await metadataOf(credential, options);
  signal.throwIfAborted();
  const call = client.makeServerStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    request,
    metadata,
    deadlineOf(options),
  );
  const cancel = () => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    yield* call;
  } catch (error) {
    signal.throwIfAborted();
    // The library gives every failed call an error of this kind.
    throw fromStatus(error as ServiceError);
  } finally {
    signal.removeEventListener("abort", cancel);
    call.cancel();
  }
}

async function metadataOf(
  credential: ServiceCredential | undefined,
  options: CallOptions,
): Promise<Metadata> {
  const metadata = new Metadata();
  if (options.traceId !== undefined) metadata.set("trace-id", options.traceId);
  if (credential) metadata.set("authorization", `Bearer ${await credential.token()}`);
  return metadata;
}

function deadlineOf({ timeoutMs = defaultTimeoutMs }: CallOptions): { deadline: number } {
  return { deadline: Date.now() + timeoutMs };
}
