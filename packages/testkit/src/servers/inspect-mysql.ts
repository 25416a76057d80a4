import { createConnection } from "mysql2/promise";

/**
 * Asks a server for its version: `8.4.3`, `10.11.19-MariaDB`. Connects without the URL's database, which may not exist
 * yet.
 */
export async function inspectMysql(url: string, timeoutMs: number): Promise<{ version: string }> {
  const server = new URL(url);
  server.pathname = "/";
  const connection = await createConnection({ uri: server.href, connectTimeout: timeoutMs });
  try {
    const [rows] = await connection.query("SELECT VERSION() AS version");
    // One row with the one column the statement names.
    const [{ version }] = rows as [{ version: string }];
    return { version: version.match(/^[\d.]+(-MariaDB)?/)?.[0] ?? version };
  } finally {
    connection.destroy();
  }
}
