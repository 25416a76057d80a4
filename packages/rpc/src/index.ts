export { createCallerCheck } from "./identity/caller-check.ts";
export { openServiceCredential, type ServiceCredential } from "./identity/service-credential.ts";
export { makeServiceKey, publicKeysOf } from "./identity/service-keys.ts";
export { type ServiceName, serviceNames } from "./identity/service-name.ts";
export { callersWithoutKey, serviceKey, serviceKeys } from "./identity/settings.ts";
export {
  type CallContext,
  type Exchange,
  implement,
  type ServiceImplementation,
} from "./implement.ts";
export {
  type CallOptions,
  type OpenCall,
  openRpcClient,
  type RpcClient,
} from "./open-rpc-client.ts";
export { openRpcServer, type RpcServer } from "./open-rpc-server.ts";
export { isUnknownRpc } from "./status.ts";
