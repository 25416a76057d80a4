import { connect } from "node:http2";

export type GrpcAnswer = {
  /** The gRPC status; 0 is OK. */
  readonly status: number;
  readonly response: Uint8Array;
};

/** Unary gRPC in clear text by hand, so that nothing of ours stands between test and wire. */
export type Grpc = AsyncDisposable & {
  /** @param path as in `/resonance.gateway.v1.PushService/Push` */
  call(path: string, request: Uint8Array): Promise<GrpcAnswer>;
};

/** @param token proves which service calls; a target that asks for none is given none */
export function openGrpc(address: string, token: string | undefined): Grpc {
  const session = connect(`http://${address}`);
  // A call under way fails with it; without one it is nobody's error.
  session.on("error", () => undefined);
  return {
    async call(path, request) {
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      });
      let status = Number.NaN;
      const readStatus = (headers: Record<string, unknown>) => {
        if (headers["grpc-status"] !== undefined) status = Number(headers["grpc-status"]);
      };
      // An answer without a message has its status in the headers.
      stream.on("response", readStatus);
      stream.on("trailers", readStatus);
      stream.end(frame(request));
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return { status, response: Buffer.concat(chunks).subarray(5) };
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => session.close(resolve)),
  };
}

/** Not compressed, then the length in four bytes. */
function frame(message: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(5 + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}
