export { type EventuallyOptions, eventually } from "./eventually.ts";
export { findBrowser } from "./find-browser.ts";
export type { Environment } from "./find-program.ts";
export { freePort, freePorts } from "./free-port.ts";
export { mutate, randomBytes, seededRandom } from "./mutate.ts";
export { openServers, type Servers, type ServersOptions } from "./servers/open-servers.ts";
export { processIdentity } from "./servers/process-identity.ts";
export type { Durability, Server } from "./servers/server.ts";
export { ServersError } from "./servers/servers-error.ts";
