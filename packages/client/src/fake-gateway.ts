import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { create, fromBinary, fromJson, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf";
import {
  type Ack,
  AckSchema,
  type ChatRequest,
  GetHistoryMessagesRequestSchema,
  GetHistoryMessagesResponseSchema,
  GetSessionListResponseSchema,
  ProgressSchema,
  type PushMessage,
  PushMessageSchema,
  RefreshTokenRequestSchema,
  UpdateReadPositionRequestSchema,
  type WsPacket,
  WsPacketSchema,
} from "@resonance/mq-proto/gateway";
import { type WebSocket, WebSocketServer } from "ws";

/** What the fake does with a chat packet: store and acknowledge, store only, drop it, or refuse. */
export type ChatPolicy = "acknowledge" | "lose_ack" | "lose" | { error: string; reason: string };

/** A gateway in memory, for tests of the client: one user, no rules, faults on demand. */
export class FakeGateway implements AsyncDisposable {
  static readonly token = "good-token";
  /** Those that are accepted, as long as `acceptsToken` is set. */
  readonly tokens = new Set([FakeGateway.token]);
  /** Refresh tokens that were shown. */
  readonly renewals: string[] = [];
  /** Answers a refresh token with new tokens, or with undefined: the sign-in has ended. */
  renew: (refreshToken: string) => { accessToken: string; refreshToken: string } | undefined = () =>
    undefined;
  readonly messages: PushMessage[] = [];
  #lastMsgId = 0n;
  /** As some Go Logics list sessions: with last messages of which nothing is known. */
  listsBlank = false;
  readonly chats: ChatRequest[] = [];
  readonly calls: string[] = [];
  /** The sessions in which the user was said to write. */
  readonly typings: string[] = [];
  /** The last one that was reported for each session. */
  readonly readPositions = new Map<string, bigint>();
  /** Reports of read positions are not answered while it has not settled. */
  readReportGate: Promise<void> = Promise.resolve();
  /** Session lists that are asked for are not answered while it has not settled. */
  listGate: Promise<void> = Promise.resolve();
  /** Pages of the history are not answered while it has not settled. */
  historyGate: Promise<void> = Promise.resolve();
  /** The methods whose calls fail at present. */
  readonly failing = new Set<string>();
  pulses = 0;
  connects = 0;
  answersPulses = true;
  acceptsToken = true;
  chatPolicy: (chat: ChatRequest) => ChatPolicy = () => "acknowledge";
  readonly #sockets = new Set<WebSocket>();
  readonly #http = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  readonly #ws = new WebSocketServer({ noServer: true });

  async listen(): Promise<this> {
    this.#http.on("upgrade", (request, socket, head) => {
      const token = new URL(request.url ?? "", this.url).searchParams.get("token") ?? "";
      if (!this.acceptsToken || !this.tokens.has(token)) {
        socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
        return;
      }
      this.#ws.handleUpgrade(request, socket, head, (webSocket) => this.#hold(webSocket));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    // listen() on a port gives an AddressInfo, never a pipe's name.
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Stores a message without telling anybody. */
  store(sessionId: string, from: string, content: string, clientMsgId = ""): PushMessage {
    this.#lastMsgId += 1n;
    const message = create(PushMessageSchema, {
      msgId: this.#lastMsgId,
      seqId: this.#lastSeq(sessionId) + 1n,
      sessionId,
      fromUsername: from,
      content,
      type: "text",
      timestamp: 1_700_000_000n,
      clientMsgId,
    });
    this.messages.push(message);
    return message;
  }

  /** Loses all that is stored after this seq_id, as a database does that is restored. */
  goBack(sessionId: string, seqId: bigint): void {
    const kept = this.messages.filter((one) => one.sessionId !== sessionId || one.seqId <= seqId);
    this.messages.splice(0, this.messages.length, ...kept);
  }

  push(message: PushMessage): void {
    for (const socket of this.#sockets) transmit(socket, { case: "push", value: message });
  }

  /** Whatever else a gateway may say. */
  hint(payload: WsPacket["payload"]): void {
    for (const socket of this.#sockets) transmit(socket, payload);
  }

  /** A bot's sign of life about a question. */
  progress(question: PushMessage, text: string): void {
    const value = create(ProgressSchema, {
      sessionId: question.sessionId,
      refMsgId: question.msgId,
      refSeqId: question.seqId,
      fromUsername: "ops-bot",
      text,
    });
    for (const socket of this.#sockets) transmit(socket, { case: "progress", value });
  }

  /** Ends every connection without a closing handshake. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Ends every connection as the gateway does when a token has expired. */
  expireConnections(): void {
    for (const socket of this.#sockets) socket.close(4401, "token expired");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropConnections();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #hold(socket: WebSocket): void {
    this.connects++;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("message", (bytes: Buffer) => {
      const { payload } = fromBinary(WsPacketSchema, bytes);
      if (payload.case === "chat") this.#onChat(socket, payload.value);
      if (payload.case === "typing") this.typings.push(payload.value.sessionId);
      if (payload.case !== "pulse") return;
      this.pulses++;
      if (this.answersPulses) transmit(socket, { case: "pulse", value: payload.value });
    });
  }

  #onChat(socket: WebSocket, chat: ChatRequest): void {
    this.chats.push(chat);
    const policy = this.chatPolicy(chat);
    if (policy === "lose") return;
    if (typeof policy === "object") {
      const { error, reason: errorReason } = policy;
      acknowledge(socket, { refSeq: chat.clientMsgId, error, errorReason });
      return;
    }
    const { sessionId, content, clientMsgId } = chat;
    const stored =
      this.messages.find((message) => message.clientMsgId === clientMsgId) ??
      this.store(sessionId, "alice", content, clientMsgId);
    if (policy === "lose_ack") return;
    const { msgId, seqId } = stored;
    acknowledge(socket, { refSeq: clientMsgId, msgId, seqId, sessionId });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.url?.split("/").at(-1) ?? "";
    const isFailing = this.failing.has(method);
    this.calls.push(method);
    const chunks: Buffer[] = await request.toArray();
    response.setHeader("content-type", "application/json");
    const body: JsonValue = JSON.parse(Buffer.concat(chunks).toString());
    if (method === "RefreshToken") {
      const { refreshToken } = fromJson(RefreshTokenRequestSchema, body);
      this.renewals.push(refreshToken);
      const pair = this.renew(refreshToken);
      if (!pair) response.writeHead(401);
      response.end(JSON.stringify(pair ?? { code: "unauthenticated", message: "not valid" }));
      return;
    }
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    if (!this.acceptsToken || !this.tokens.has(token)) {
      response.writeHead(401).end('{"error":"unauthorized: invalid authentication token"}');
      return;
    }
    if (isFailing) {
      response.writeHead(500).end('{"code":"internal","message":"internal error"}');
      return;
    }
    const result = this.#result(method, body);
    if (method === "UpdateReadPosition") await this.readReportGate;
    if (method === "GetSessionList") await this.listGate;
    if (method === "GetHistoryMessages") await this.historyGate;
    response.end(JSON.stringify(result));
  }

  #result(method: string, request: JsonValue): JsonValue {
    if (method === "GetSessionList") {
      const ids = [...new Set(this.messages.map((message) => message.sessionId))];
      const lastMessageOf = (sessionId: string) =>
        this.messages.findLast((message) => message.sessionId === sessionId);
      const sessions = ids.map((sessionId) => ({
        sessionId,
        name: sessionId,
        type: 1,
        lastReadSeq: this.readPositions.get(sessionId) ?? 0n,
        unreadCount: this.#lastSeq(sessionId) - (this.readPositions.get(sessionId) ?? 0n),
        lastMessage: (this.listsBlank ? undefined : lastMessageOf(sessionId)) ?? {},
      }));
      const list = create(GetSessionListResponseSchema, { sessions });
      return toJson(GetSessionListResponseSchema, list);
    }
    if (method === "UpdateReadPosition") {
      const { sessionId, seqId } = fromJson(UpdateReadPositionRequestSchema, request);
      this.readPositions.set(sessionId, seqId);
      return {};
    }
    const { sessionId, limit, beforeSeq } = fromJson(GetHistoryMessagesRequestSchema, request);
    const messages = this.messages
      .filter((message) => message.sessionId === sessionId)
      .filter((message) => beforeSeq === 0n || message.seqId < beforeSeq)
      .slice(-Number(limit || 20n));
    const page = create(GetHistoryMessagesResponseSchema, { messages });
    return toJson(GetHistoryMessagesResponseSchema, page);
  }

  #lastSeq(sessionId: string): bigint {
    return this.messages.findLast((message) => message.sessionId === sessionId)?.seqId ?? 0n;
  }
}

function acknowledge(socket: WebSocket, ack: Partial<Omit<Ack, "$typeName">>): void {
  transmit(socket, { case: "ack", value: create(AckSchema, ack) });
}

function transmit(socket: WebSocket, payload: WsPacket["payload"]): void {
  socket.send(toBinary(WsPacketSchema, create(WsPacketSchema, { payload })));
}
