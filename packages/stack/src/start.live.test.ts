import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, freePort, processIdentity } from "@resonance/testkit";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askSentences } from "./ask-texts.ts";
import { projectFolder } from "./project.ts";
import type { StackFile } from "./stack-file.ts";

const readyWithinMs = 60_000;
let home: string;
let port: number;
let running: ChildProcess[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "start-"));
  port = await freePort();
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await eventually(() => expect(processesOf(home)).toEqual([]), { timeoutMs: 15_000 });
  rmSync(home, { recursive: true, force: true });
});

/** Runs a command of the stack as npm does, with the test's home and port. */
function run(file: string, words: string[] = [], settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      LC_ALL: "C.UTF-8",
      RESONANCE_HOME: home,
      RESONANCE_HTTP_PORT: String(port),
      ...settings,
    },
  });
  running.push(child);
  const said = { out: "", error: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.error += chunk;
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  return { child, said, exited };
}

async function start(settings: Record<string, string> = {}) {
  const stack = run("main.ts", [], settings);
  const ready = `\nResonance is ready: http://localhost:${port}\n`;
  const isReady = () => stack.said.out.includes(ready) && stack.said.out.includes("Ctrl-C");
  const early = stack.exited.then((exit) => {
    throw new Error(`ended (${exit}): ${stack.said.error}`);
  });
  await Promise.race([eventually(isReady, { timeoutMs: readyWithinMs }), early]);
  return stack;
}

/** Every process, however far down, that was started with this home; seen on Linux only. */
function processesOf(folder: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(join("/proc", name, "environ"), "utf8");
      return environment.split("\0").includes(`RESONANCE_HOME=${folder}`) ? [Number(name)] : [];
    } catch {
      // It ended meanwhile, or belongs to somebody else.
      return [];
    }
  });
}

function stackFile(): StackFile {
  return JSON.parse(readFileSync(join(home, "run", "services.json"), "utf8"));
}

function passwordIn(text: string): string | undefined {
  return /password ([2-9a-z]{20})/.exec(text)?.[1];
}

test("it becomes ready, answers a question, and Ctrl-C stops everything in order", async () => {
  const stack = await start();
  const states = stackFile().services.map(({ name, state }) => `${name} ${state}`);
  expect(states).toEqual(
    ["logic", "task", "bot", "gateway", "mysql", "nats"].map((name) => `${name} running`),
  );
  const ask = run("ask.ts", ["show me the gateway logs"]);
  expect(await ask.exited, ask.said.error).toBe(0);
  const [firstLine = ""] = readFileSync(join(home, "logs", "gateway.log"), "utf8").split("\n");
  expect(ask.said.out).toContain(JSON.parse(firstLine).msg);
  const migrate = run("../../../migrations/src/main.ts");
  expect(await migrate.exited, migrate.said.error).toBe(0);
  expect(migrate.said.out).toContain(`migrating the stack on ${home}\n`);
  expect(migrate.said.out).toMatch(/the database resonance at 127\.0\.0\.1:\d+ is at version \d+:/);

  stack.child.kill("SIGINT");

  expect(await stack.exited).toBe(0);
  expect(processesOf(home)).toEqual([]);
  expect(stackFile().services.every(({ state }) => state === "stopped")).toBe(true);
  const stoppedAt = ["gateway", "bot", "task", "logic"].map((name) => {
    const lines = readFileSync(join(home, "logs", `${name}.log`), "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => JSON.parse(line)).findLast(({ msg }) => msg === "stopped")?.time;
  });
  expect(stoppedAt).toEqual(stoppedAt.toSorted());
}, 120_000);

test("the URL of a database of one's own is not kept for migrate, which says what to do", async () => {
  await using database = await openTestDatabase();
  const kept = join(home, "secrets", "mysql-owner-url");
  mkdirSync(join(home, "secrets"));
  writeFileSync(kept, "mysql://root@127.0.0.1:1/of-an-earlier-start\n");
  const stack = await start({ RESONANCE_MYSQL_URL: database.url });

  const migrate = run("../../../migrations/src/main.ts", [], { RESONANCE_MYSQL_URL: "" });

  expect(existsSync(kept)).toBe(false);
  expect(await migrate.exited).toBe(1);
  expect(migrate.said.error).toContain("npm run migrate\n");
  expect(migrate.said.error).toContain("RESONANCE_MYSQL_URL=mysql://");
  stack.child.kill("SIGINT");
  expect(await stack.exited).toBe(0);
}, 120_000);

test("what is killed leaves nothing running, and the next start carries on", async () => {
  const killed = await start();
  const password = passwordIn(killed.said.out);
  expect(password).toBeDefined();

  killed.child.kill("SIGKILL");
  const next = await start();

  expect(next.said.out).toContain("ended suddenly");
  expect(passwordIn(next.said.out)).toBe(password);
  const known = stackFile().services.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  expect(known.filter(processIdentity)).toHaveLength(6);
  // Beside them run the stack itself and the watchdogs of the two servers.
  await eventually(() => expect(processesOf(home).length).toBeLessThanOrEqual(9));
  next.child.kill("SIGTERM");
  expect(await next.exited).toBe(0);
}, 180_000);

test("a service that is killed is started again, and that is said", async () => {
  const stack = await start();
  const find = () => stackFile().services.find(({ name }) => name === "bot");
  const killedPid = find()?.pid ?? 0;

  process.kill(killedPid, "SIGKILL");

  await eventually(() => expect(stack.said.out).toContain("bot is running again"), {
    timeoutMs: 20_000,
  });
  expect(stack.said.out).toContain("bot ended unexpectedly (signal SIGKILL)");
  expect(stack.said.out).toContain(join(home, "logs", "bot.log"));
  expect(find()).toMatchObject({ state: "running", restarts: 1, lastExit: "signal SIGKILL" });
  expect(find()?.pid).not.toBe(killedPid);
  stack.child.kill("SIGINT");
  expect(await stack.exited).toBe(0);
}, 120_000);

test("servers that are killed are started again at their addresses, and the bot answers", async () => {
  const stack = await start();
  const find = (server: string) => stackFile().services.find(({ name }) => name === server);
  const before = { mysql: find("mysql"), nats: find("nats") };

  for (const server of ["mysql", "nats"] as const) {
    process.kill(before[server]?.pid ?? 0, "SIGKILL");
    await eventually(() => expect(stack.said.out).toContain(`${server} is running again`), {
      timeoutMs: 60_000,
    });
    expect(stack.said.out).toContain(`${server} ended unexpectedly (signal SIGKILL)`);
    expect(find(server)).toMatchObject({
      state: "running",
      restarts: 1,
      lastExit: "signal SIGKILL",
      address: before[server]?.address,
    });
    expect(find(server)?.pid).not.toBe(before[server]?.pid);
  }
  const ask = run("ask.ts", ["what can you do?"]);
  expect(await ask.exited).toBe(0);
  expect(ask.said.out).toContain("gateway");
  stack.child.kill("SIGINT");
  expect(await stack.exited).toBe(0);
  expect(processesOf(home)).toEqual([]);
}, 180_000);

test("a second stack on the home, and another one on the port, are told the way out", async () => {
  const stack = await start();
  const other = mkdtempSync(join(tmpdir(), "start-other-"));

  const sameHome = run("main.ts", [], { RESONANCE_HTTP_PORT: String(port + 1) });
  const samePort = run("main.ts", [], { RESONANCE_HOME: other });

  expect(await sameHome.exited).toBe(1);
  expect(sameHome.said.error).toContain(`already running on ${home}: http://localhost:${port}`);
  expect(await samePort.exited).toBe(1);
  expect(samePort.said.error).toContain(`port ${port} is taken by another Resonance`);
  expect(samePort.said.error).toMatch(/RESONANCE_HOME=\S+ RESONANCE_HTTP_PORT=\d+ npm start/);
  rmSync(other, { recursive: true });
  stack.child.kill("SIGHUP");
  expect(await stack.exited).toBe(0);
}, 120_000);

test("a start that is called off halfway leaves nothing running", async () => {
  const stack = run("main.ts");
  await eventually(() => expect(stack.said.out).toContain("MySQL"), { timeoutMs: readyWithinMs });

  stack.child.kill("SIGINT");

  expect(await stack.exited).toBe(0);
  expect(stack.said.error).toBe("");
  expect(processesOf(home)).toEqual([]);
}, 120_000);

test("when the npm that runs it is killed, everything ends", async () => {
  const main = join(import.meta.dirname, "main.ts");
  // With something left to do the shell stays, and is the parent that npm is.
  const npm = spawn("/bin/sh", ["-c", '"$0" "$1"; true', process.execPath, main], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      npm_lifecycle_event: "start",
      RESONANCE_HOME: home,
      RESONANCE_HTTP_PORT: String(port),
    },
  });
  running.push(npm);
  const ended = new Promise((resolve) => npm.stdout.once("close", resolve));
  await once(npm.stdout, "data");
  npm.stdout.resume();

  npm.kill("SIGKILL");

  await ended;
  await eventually(() => expect(processesOf(home)).toEqual([]), { timeoutMs: 15_000 });
}, 60_000);

test("bad settings are named all at once", async () => {
  const settings = { RESONANCE_HTTP_PORT: "http", RESONANCE_NATS_URL: "localhost" };

  const stack = run("main.ts", [], settings);

  expect(await stack.exited).toBe(78);
  expect(stack.said.error).toContain("RESONANCE_HTTP_PORT: must be a port number");
  expect(stack.said.error).toContain("RESONANCE_NATS_URL: must look like nats://host:4222");
});

test("asking without a running stack says to start it first", async () => {
  const ask = run("ask.ts", ["why?"]);

  expect(await ask.exited).toBe(1);
  expect(ask.said.out).toBe("");
  expect(ask.said.error).toContain("npm start");
});

test("asking nothing shows how to ask, in Chinese where the terminal speaks it", async () => {
  const ask = run("ask.ts", [], { LC_ALL: "zh_CN.UTF-8" });

  expect(await ask.exited).toBe(1);
  expect(ask.said.error).toContain("用法：npm run -s ask");
});

test("the command that the usage shows prints nothing of npm's own", async () => {
  const { usage } = askSentences.en;
  const shown = /npm run .*?ask --/.exec(usage)?.[0];
  const say = promisify(execFile)("/bin/sh", ["-c", `${shown} --help`], {
    cwd: projectFolder,
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });

  expect((await say).stdout).toBe(`${usage}\n`);
});
