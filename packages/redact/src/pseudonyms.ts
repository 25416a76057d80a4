import { createHmac } from "node:crypto";

export type PseudonymOptions = {
  /** Of the session: the same key gives the same names, in every process. */
  readonly key: string;
  /** Names of machines that cannot be told from words, such as this machine's. */
  readonly hosts?: readonly string[];
};

/**
 * Stable other names for hosts, IP addresses, e-mail addresses and account ids. `hide` before a
 * text leaves the house, `reveal` before it reaches a reader who may see them. Names are derived
 * from the key, so that every worker gives the same ones; what they stand for is only known here,
 * from the texts that this one has hidden.
 */
export class Pseudonyms {
  readonly #key: string;
  readonly #hosts: RegExp | undefined;
  readonly #names = new Map<string, string>();
  readonly #originals = new Map<string, string>();

  constructor(options: PseudonymOptions) {
    this.#key = options.key;
    const hosts = (options.hosts ?? []).filter((host) => host.length >= 3 && host !== "localhost");
    const pattern = hosts.map((host) => host.replace(/[^\w]/g, "\\$&")).join("|");
    this.#hosts =
      hosts.length > 0 ? new RegExp(`(?<![\\w.-])(?:${pattern})(?![\\w-])`, "gi") : undefined;
  }

  hide(text: string): string {
    let result = text;
    for (const { kind, pattern, keep } of patterns) {
      result = result.replace(pattern, (found) =>
        keep(found) ? found : this.#nameOf(kind, found),
      );
    }
    return this.#hosts
      ? result.replace(this.#hosts, (found) => this.#nameOf("host", found))
      : result;
  }

  /** A copy with the strings of a JSON value hidden; its keys stay. */
  hideJson<Value>(value: Value): Value {
    return mapStrings(value, (text) => this.hide(text)) as Value;
  }

  /** A name that this one has not given stays as it is. */
  reveal(text: string): string {
    return text.replace(given, (name) => this.#originals.get(name.toLowerCase()) ?? name);
  }

  revealJson<Value>(value: Value): Value {
    return mapStrings(value, (text) => this.reveal(text)) as Value;
  }

  #nameOf(kind: Kind, original: string): string {
    const known = this.#names.get(original);
    if (known) return known;
    const digest = createHmac("sha256", this.#key)
      .update(`${kind}:${original.toLowerCase()}`)
      .digest("hex");
    for (let length = 6; ; length += 2) {
      const name = `${kind}-${digest.slice(0, length)}`;
      const holder = this.#originals.get(name);
      if (holder !== undefined && holder.toLowerCase() !== original.toLowerCase()) continue;
      this.#names.set(original, name);
      if (holder === undefined) this.#originals.set(name, original);
      return name;
    }
  }
}

type Kind = "email" | "host" | "ip" | "account";

const given = /(?<![\w-])(?:email|host|ip|account)-[0-9a-f]{6,64}(?![\w-])/gi;

const never = () => false;
const ipv4 = String.raw`(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
// Endings that files have too (.sh, .rs, .py, .md) are not taken for domains.
const topDomains =
  "com|net|org|io|dev|app|cloud|ai|cn|de|eu|uk|us|fr|jp|kr|ru|in|br|ca|au|ch|nl|se|info|biz|edu|gov|mil|tech|site|online|xyz|local|internal|lan|corp|home|intra|intranet|private|localdomain|test|example|invalid|svc|arpa|amazonaws|tv|hk|tw|sg";

const patterns: readonly { kind: Kind; pattern: RegExp; keep: (found: string) => boolean }[] = [
  {
    kind: "email",
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w-])/g,
    keep: never,
  },
  {
    kind: "ip",
    pattern: new RegExp(String.raw`(?<![\w.-])${ipv4}(?![\w-]|\.\d)`, "g"),
    keep: (found) => /^(?:127\.|0\.0\.0\.0$|255\.)/.test(found),
  },
  {
    kind: "ip",
    pattern:
      /(?<![\w:.])(?:[\da-f]{1,4}:){2,7}(?::?[\da-f]{1,4}){1,7}(?![\w:.])|(?<![\w:.])[\da-f]{1,4}(?::[\da-f]{1,4}){0,5}::(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,5})?(?![\w:.])/gi,
    keep: (found) =>
      /^\d{1,2}:\d{2}:\d{2}$/.test(found) ||
      found === "::" ||
      found === "::1" ||
      (!found.includes("::") && found.split(":").length < 8),
  },
  {
    kind: "host",
    pattern: new RegExp(
      String.raw`(?<![\w.@/-]|[\w-]\.)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}(?:${topDomains})(?![\w-]|\.[a-z\d])|(?<=:\/\/)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}[a-z]{2,24}(?![\w-])`,
      "gi",
    ),
    keep: (found) => /^localhost(?:\.localdomain)?$/i.test(found),
  },
  {
    kind: "account",
    pattern:
      /(?<=(?:account|subscription|tenant|project|customer|organi[sz]ation|org|owner|user)(?:[ _-]?(?:id|number|no))?["']?\s{0,2}[:=#]?\s{0,2}["']?)(?:\d{4}-?\d{4}-?\d{4}|\d{8,19}|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})(?![\w-])|(?<=arn:aws[\w-]{0,8}:[\w-]{1,30}:[\w-]{0,20}:)\d{12}(?=:)/gi,
    keep: never,
  },
];

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]),
  );
}
