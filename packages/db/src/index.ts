export { type Database, openDatabase, type Queryable } from "./open-database.ts";
export { openPipeline, type Pipeline, type PipelinedTransaction } from "./open-pipeline.ts";
export {
  isDuplicateKey,
  isNullRefused,
  isRetryable,
  type Transaction,
  transaction,
} from "./transaction.ts";
