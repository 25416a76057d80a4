// A gateway derives one from the connection (16 characters) and the packet for clients that choose
// none; Logic makes one up where no gateway did.
const madeUp = /^[chn]:[\w-]{16}:|^l:[0-9a-f-]{36}$/;

/** The id by which the sender's client knows its message: "" when the client chose none. */
export function chosenClientMsgId(clientMsgId: string): string {
  return madeUp.test(clientMsgId) ? "" : clientMsgId;
}
