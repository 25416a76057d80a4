export type { Exchange, Expected } from "./exchange.ts";
export type { Api, Entry, ModelRequest, OfferedTool } from "./model-request.ts";
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
  type Trouble,
  tooLong,
} from "./reply.ts";
export type { ReplyOf } from "./script.ts";
export { ScriptMismatch } from "./script-mismatch.ts";
