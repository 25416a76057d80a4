import { once } from "node:events";
import { connect } from "node:net";

export type XmppClient = {
  sendMessage(to: string, id: string, body: string): void;
  close(): void;
};

const host = "localhost";

/**
 * Signs in by PLAIN over plain TCP and becomes available. `receive` gets the id of every message.
 * Understands what ejabberd says here, no more.
 */
export async function openXmpp(
  port: number,
  account: { readonly username: string; readonly password: string },
  receive: (id: string) => void,
): Promise<XmppClient> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.setNoDelay(true);
  await once(socket, "connect");
  let waiting = "";
  const until = async (end: string): Promise<void> => {
    while (!waiting.includes(end)) {
      if (/<failure|<stream:error/.test(waiting)) throw new Error(`ejabberd said ${waiting}`);
      const [chunk] = (await once(socket, "data")) as [Buffer];
      waiting += chunk.toString();
    }
    waiting = waiting.slice(waiting.indexOf(end) + end.length);
  };
  const header = `<stream:stream to='${host}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
  const secret = Buffer.from(`\0${account.username}\0${account.password}`).toString("base64");
  socket.write(`<?xml version='1.0'?>${header}`);
  await until("</stream:features>");
  socket.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
  await until("<success");
  socket.write(header);
  await until("</stream:features>");
  socket.write(
    "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>",
  );
  await until("</iq>");
  socket.write(
    "<iq type='set' id='session'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
  );
  await until("id='session'");
  socket.write("<presence/>");
  await until("<presence");

  socket.on("data", (chunk: Buffer) => {
    waiting += chunk.toString();
    for (;;) {
      const end = waiting.indexOf("</message>");
      if (end < 0) return;
      const stanza = waiting.slice(0, end);
      waiting = waiting.slice(end + "</message>".length);
      const id = / id='([^']+)'/.exec(stanza.slice(stanza.lastIndexOf("<message")))?.[1];
      if (id !== undefined) receive(id);
    }
  });
  return {
    sendMessage: (to, id, body) => {
      socket.write(
        `<message to='${to}@${host}/bench' type='chat' id='${id}'><body>${body}</body></message>`,
      );
    },
    close: () => socket.destroy(),
  };
}
