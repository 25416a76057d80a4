import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Who may use which package of ours at run time. ARCHITECTURE.md says why. */
const law: Readonly<Record<string, readonly string[]>> = {
  "packages/mq-proto": [],
  "packages/kit": ["mq-proto"],
  "packages/audit": ["db", "kit"],
  "packages/db": ["kit"],
  "packages/rpc": ["kit", "mq-proto"],
  "packages/bus": ["kit", "mq-proto"],
  "packages/client": ["mq-proto"],
  "packages/ops-mcp": ["kit", "mq-proto", "redact", "rpc"],
  "packages/redact": [],
  "packages/testkit": [],
  "packages/stack": ["bus", "client", "kit", "migrations", "testkit", "mq-proto", "rpc"],
  "packages/scripted-model": [],
  "services/logic": ["audit", "bus", "db", "kit", "mq-proto", "rpc"],
  "services/gateway": ["bus", "kit", "mq-proto", "rpc"],
  "services/task": ["bus", "db", "kit", "mq-proto"],
  "services/bot": ["audit", "bus", "db", "kit", "mq-proto", "ops-mcp", "redact", "rpc"],
  "services/web": ["client", "mq-proto"],
  migrations: ["kit"],
  bench: [
    "bus",
    "db",
    "gateway",
    "kit",
    "migrations",
    "mq-proto",
    "ops-mcp",
    "rpc",
    "scripted-model",
    "testkit",
  ],
  test: ["client", "mq-proto", "rpc", "scripted-model", "stack", "testkit"],
};

type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

const folders = ["packages", "services"].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

test("every workspace is named in the law", () => {
  expect([...folders, "migrations", "test", "bench"].toSorted()).toEqual(
    Object.keys(law).toSorted(),
  );
});

test.each(Object.entries(law))("%s uses only what the law allows", (folder, allowed) => {
  const used = Object.keys(manifestOf(folder).dependencies ?? {})
    .filter((name) => name.startsWith("@resonance/"))
    .map((name) => name.slice("@resonance/".length));

  expect(used.filter((name) => !allowed.includes(name))).toEqual([]);
});

test("every dependency is pinned exactly", () => {
  const loose = [".", ...Object.keys(law)].flatMap((folder) => {
    const { dependencies, devDependencies, optionalDependencies } = manifestOf(folder);
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${folder}: ${name}@${version}`);
  });

  expect(loose).toEqual([]);
});

test("tests run on Node 24", () => {
  expect(process.versions.node.split(".")[0]).toBe("24");
});

const vagueNames = /(^|\/)(utils?|helpers?|common|types|constants|misc)(\.tsx?|\/)/;

test("no file of ours is named after nothing, or is over 300 lines", () => {
  const files = [...folders, "migrations", "test", "bench"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((path) => `${folder}/${path}`)
      .filter((path) => /\.tsx?$/.test(path) && !/\/(node_modules|dist|gen)\//.test(path)),
  );
  const long = files.filter(
    (path) =>
      !/\.test\.tsx?$/.test(path) &&
      readFileSync(join(root, path), "utf8").split("\n").length > 301,
  );

  expect(files.filter((path) => vagueNames.test(path))).toEqual([]);
  expect(long).toEqual([]);
});

test("every migration has a number of its own", () => {
  const numbers = readdirSync(join(root, "migrations/sql")).map((name) => name.split(".")[0]);

  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test("the changelog holds headings and entries, each once", () => {
  const lines = readFileSync(join(root, "CHANGELOG.md"), "utf8").split("\n").filter(Boolean);

  expect(lines.filter((line) => !/^(#{1,2} |- )\S/.test(line))).toEqual([]);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});
