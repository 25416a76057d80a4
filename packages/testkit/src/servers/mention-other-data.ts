import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ServerPlace } from "./server.ts";

const holders = {
  mariadb: { path: "mariadb", owner: "a private MariaDB" },
  mysql: { path: "mysql", owner: "a private MySQL" },
  container: { path: "docker-volumes", owner: "a container of MySQL" },
} as const;

/** Says so when the home holds data of another kind of MySQL: this kind begins with none. */
export function mentionOtherData(kind: keyof typeof holders, place: ServerPlace): void {
  for (const { path, owner } of Object.values(holders)) {
    if (path === holders[kind].path || !existsSync(join(place.home, "data", path))) continue;
    place.notify(`${place.home} also holds data of ${owner}, which is kept but not used now`);
  }
}
