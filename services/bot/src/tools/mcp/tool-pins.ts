import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

/** What a model is told of a tool; a pin holds it as it was accepted. */
export type PinnedDefinition = {
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
};

const pin = z.object({
  digest: z.string(),
  acceptedAt: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
});

const pinFile = z.object({ servers: z.record(z.string(), z.record(z.string(), pin)) });

type Pin = z.output<typeof pin>;
type PinFile = z.output<typeof pinFile>;

/** The same for the same description and schema, whatever the order of the schema's keys. */
export function digestOf(definition: PinnedDefinition): string {
  const { description, inputSchema } = definition;
  const text = canonicalJson({ description, inputSchema });
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * The accepted definitions, in a file that people can read and keep under version control. It is
 * replaced as a whole. Two processes that pin at the same moment may lose one of the pins, and that
 * tool then waits to be accepted.
 */
export class ToolPins {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** The pins of one server by its own tool names. Throws where the file cannot be understood. */
  async of(server: string): Promise<ReadonlyMap<string, Pin>> {
    const { servers } = await this.#read();
    return new Map(Object.entries(servers[server] ?? {}));
  }

  /** Accepts definitions, in place of what was accepted under the same names. */
  accept(
    server: string,
    definitions: ReadonlyMap<string, PinnedDefinition>,
    now: Date,
  ): Promise<void> {
    const writing = this.#writing.then(() => this.#write(server, definitions, now));
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  async #read(): Promise<PinFile> {
    try {
      return pinFile.parse(JSON.parse(await readFile(this.#path, "utf8")));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") {
        return { servers: {} };
      }
      throw new Error(`cannot read the accepted tools in ${this.#path}`, { cause: error });
    }
  }

  async #write(
    server: string,
    definitions: ReadonlyMap<string, PinnedDefinition>,
    now: Date,
  ): Promise<void> {
    const { servers } = await this.#read();
    const pins: Record<string, Pin> = { ...servers[server] };
    for (const [tool, { description, inputSchema }] of definitions) {
      pins[tool] = {
        digest: digestOf({ description, inputSchema }),
        acceptedAt: now.toISOString(),
        description,
        inputSchema: { ...inputSchema },
      };
    }
    const draft = `${this.#path}.${process.pid}`;
    await mkdir(dirname(this.#path), { recursive: true });
    const content: PinFile = { servers: { ...servers, [server]: pins } };
    await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, this.#path);
  }
}

/** JSON with the keys of all objects in one order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : part,
  );
}
