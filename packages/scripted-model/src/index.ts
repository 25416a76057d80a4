export type { Exchange } from "./exchange.ts";
export type { Entry, ModelRequest } from "./model-request.ts";
export {
  openScriptedModel,
  type ScriptedModel,
  type ScriptedModelOptions,
} from "./open-scripted-model.ts";
export {
  badKey,
  callTool,
  callTools,
  hang,
  internalError,
  overloaded,
  type Reply,
  rateLimited,
  refuse,
  reset,
  type ScriptedCall,
  say,
  tooLong,
} from "./reply.ts";
export type { ReplyOf } from "./script.ts";
export { ScriptMismatch } from "./script-mismatch.ts";
