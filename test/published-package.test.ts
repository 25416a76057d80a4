import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("@resonance/mq-proto works as others install it: JavaScript, types, no workspace", () => {
  execFileSync(process.execPath, ["build.ts"], { cwd: join(root, "packages/mq-proto") });
  const project = mkdtempSync(join(tmpdir(), "mq-proto-user-"));
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "@resonance"), { recursive: true });
  cpSync(join(root, "packages/mq-proto/dist"), join(modules, "@resonance/mq-proto"), {
    recursive: true,
  });
  cpSync(join(root, "node_modules/@bufbuild/protobuf"), join(modules, "@bufbuild/protobuf"), {
    recursive: true,
  });
  writeFileSync(join(project, "package.json"), '{"type":"module"}');
  const program = `import { fromBinary } from "@bufbuild/protobuf";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import { ChatService } from "@resonance/mq-proto/logic";
const topic: string = topicOf(BotEventSchema);
const seq: string = fromBinary(WsPacketSchema, new Uint8Array([0x0a, 0x01, 0x61])).seq;
console.log(topic, seq, ChatService.typeName);
`;
  writeFileSync(join(project, "use.ts"), program);
  const lookup = `import manifest from "@resonance/mq-proto/package.json" with { type: "json" };
console.log(manifest.license);
`;
  writeFileSync(join(project, "look-up.js"), lookup);

  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--module", "nodenext", "--target", "es2024", "--types", ""];
  execFileSync(process.execPath, [tsc, ...options, "use.ts"], { cwd: project, stdio: "pipe" });
  const run = (file: string) =>
    execFileSync(process.execPath, [file], { cwd: project, encoding: "utf8" });
  const output = run("use.js");

  expect(output).toBe("resonance.bot.event.v1 a resonance.logic.v1.ChatService\n");
  expect(run("look-up.js")).toBe("Apache-2.0\n");
  expect(existsSync(join(modules, "@resonance/mq-proto/LICENSE"))).toBe(true);
  rmSync(project, { recursive: true });
});
