import {
  create,
  type DescMethod,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
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
  [Name in keyof Service["method"]]: Method<Service["method"][Name]>;
} & AsyncDisposable;

type Method<Desc extends DescMethod> = Desc["methodKind"] extends "bidi_streaming"
  ? (
      signal: AbortSignal,
      options?: Pick<CallOptions, "traceId">,
    ) => OpenCall<MessageInitShape<Desc["input"]>, MessageShape<Desc["output"]>>
  : (
      request: MessageInitShape<Desc["input"]>,
      signal: AbortSignal,
      options?: CallOptions,
    ) => Promise<MessageShape<Desc["output"]>>;

/** A call that stays open, with messages both ways and no deadline. */
export type OpenCall<Request, Response> = {
  /** Never throws: what is wrong with the call, its answers say. */
  send(request: Request): void;
  /** Says that no more comes. Answers may still. */
  end(): void;
  /** To be read from the start, once. Who stops reading cancels the call. */
  readonly answers: AsyncIterable<Response>;
};

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
  const caller = { client, credential };
  const methods = service.methods.map((method) => {
    if (method.methodKind === "bidi_streaming") {
      const open = (signal: AbortSignal, options?: CallOptions) =>
        openCall(caller, method, signal, options);
      return [method.localName, open];
    }
    const call = (
      request: MessageInitShape<DescMethod["input"]>,
      signal: AbortSignal,
      options?: CallOptions,
    ) => callUnary(caller, method, create(method.input, request), signal, options);
    return [method.localName, call];
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

function openCall(
  { client, credential }: Caller,
  method: DescMethod,
  signal: AbortSignal,
  options: CallOptions = {},
): OpenCall<MessageInitShape<DescMethod["input"]>, Message> {
  const definition = methodDefinition(method);
  let call: ClientDuplexStream<Message, Message> | undefined;
  const opening = metadataOf(credential, options).then((metadata) => {
    call = client.makeBidiStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      metadata,
    );
    return call;
  });
  // Whoever reads the answers hears of it; what is sent into nothing is not answered.
  opening.catch(() => undefined);
  const onCall = (use: (call: ClientDuplexStream<Message, Message>) => void) => {
    if (call) use(call);
    else opening.then(use, () => undefined);
  };
  return {
    send: (request) => onCall((call) => call.write(create(method.input, request))),
    end: () => onCall((call) => call.end()),
    answers: readAnswers(opening, signal),
  };
}

async function* readAnswers(
  opening: Promise<ClientDuplexStream<Message, Message>>,
  signal: AbortSignal,
): AsyncGenerator<Message, void, undefined> {
  const call = await opening;
  const cancel = () => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  let isOver = false;
  try {
    signal.throwIfAborted();
    yield* call;
    isOver = true;
  } catch (error) {
    isOver = true;
    signal.throwIfAborted();
    // The library gives every failed call an error of this kind.
    throw fromStatus(error as ServiceError);
  } finally {
    signal.removeEventListener("abort", cancel);
    if (!isOver) call.cancel();
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
