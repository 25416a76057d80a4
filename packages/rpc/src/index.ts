export { type CallContext, implement, type ServiceImplementation } from "./implement.ts";
export { type CallOptions, openRpcClient, type RpcClient } from "./open-rpc-client.ts";
export { openRpcServer, type RpcServer } from "./open-rpc-server.ts";
