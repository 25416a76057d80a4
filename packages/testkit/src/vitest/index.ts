export type { ProvidedServers } from "./global-setup.ts";
export { openTestDatabase, openTestNats, type TestDatabase, testServers } from "./test-servers.ts";
