import { ServersError } from "./servers-error.ts";

export type ServerKind = "mysql" | "nats";

/** The one error for servers that no way brought: what was tried, and what to type. */
export function missingServers(
  missing: readonly ServerKind[],
  reasons: readonly string[],
): ServersError {
  const names = missing.map((kind) => displayNames[kind]).join(" and ");
  const packages = (system: keyof typeof installLines) =>
    missing.map((kind) => installLines[system][kind]).join(" ");
  return new ServersError(
    [
      `${names} ${missing.length > 1 ? "are" : "is"} missing:`,
      ...[...new Set(reasons)].map((reason) => `  - ${reason}`),
      "Install what is missing and start again:",
      `  Debian, Ubuntu:  sudo apt-get install ${packages("debian")}`,
      `  Fedora:          sudo dnf install ${packages("fedora")}`,
      `  macOS:           brew install ${packages("macos")}`,
      "Or start Docker, or name servers you have:",
      ...missing.map((kind) => `  ${examples[kind]}`),
    ].join("\n"),
  );
}

const displayNames = {
  mysql: "MySQL (or MariaDB)",
  nats: "NATS",
} as const satisfies Record<ServerKind, string>;

const installLines = {
  debian: { mysql: "mariadb-server-core", nats: "nats-server" },
  fedora: { mysql: "mariadb-server", nats: "nats-server" },
  macos: { mysql: "mariadb", nats: "nats-server" },
} as const satisfies Record<string, Record<ServerKind, string>>;

const examples = {
  mysql: "RESONANCE_MYSQL_URL=mysql://user:password@host:3306/resonance",
  nats: "RESONANCE_NATS_URL=nats://host:4222",
} as const satisfies Record<ServerKind, string>;
