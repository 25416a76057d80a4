// An MCP server that misbehaves on demand, in raw JSON-RPC: what is wrong with it no library would
// send. `troubled-server.ts TOOLS.json` speaks over stdio; the file names its tools, and is read
// again for every list.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

type Message = {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly text?: string } };
};

export type Troubles = {
  /** The text of the `tools` array of its list. */
  readonly tools: () => string;
  /** Writes bytes to whoever asked, and ends them as the transport does. */
  readonly write: (bytes: string | Uint8Array) => void;
  readonly crash: () => void;
};

const hugeBytes = 50_000_000;

/** Answers one message, or does whatever the called tool is named after. */
export function answerBadly({ tools, write, crash }: Troubles, message: Message): void {
  const reply = (result: string) =>
    write(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`);
  const say = (text: string) => reply(`{"content":[{"type":"text","text":"${text}"}]}`);
  switch (message.method) {
    case "initialize":
      reply(
        '{"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"troubled","version":"1"}}',
      );
      return;
    case "ping":
      reply("{}");
      return;
    case "tools/list":
      reply(`{"tools":${tools()}}`);
      return;
    case "tools/call":
      break;
    default:
      return;
  }
  switch (message.params?.name) {
    case "hang":
      return;
    case "crash":
      crash();
      return;
    case "huge":
      say("x".repeat(hugeBytes));
      return;
    case "fail":
      reply('{"isError":true,"content":[{"type":"text","text":"out of order"}]}');
      return;
    case "noise":
      write("this is no JSON");
      write('{"jsonrpc":"1.0","what":"is this"}');
      say("after the noise");
      return;
    case "bytes": {
      const [head, tail] = [
        '{"jsonrpc":"2.0","id":',
        ',"result":{"content":[{"type":"text","text":"',
      ];
      const start = Buffer.from(`${head}${JSON.stringify(message.id)}${tail}`);
      write(Buffer.concat([start, Buffer.from([0xff, 0xfe, 0x61]), Buffer.from('"}]}}')]));
      return;
    }
    case "announce":
      write('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
      say("announced");
      return;
    case "pid":
      say(String(process.pid));
      return;
    default:
      say(`echo ${message.params?.arguments?.text ?? ""}`);
  }
}

const [toolsFile] = process.argv.slice(2);

if (import.meta.main && toolsFile !== undefined) {
  const troubles: Troubles = {
    tools: () => readFileSync(toolsFile, "utf8"),
    write: (bytes) => {
      process.stdout.write(bytes);
      process.stdout.write("\n");
    },
    crash: () => process.exit(7),
  };
  createInterface({ input: process.stdin }).on("line", (line) =>
    answerBadly(troubles, JSON.parse(line)),
  );
}
