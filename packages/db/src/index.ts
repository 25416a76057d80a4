export { type Database, openDatabase, type Queryable } from "./open-database.ts";
export { isDuplicateKey, isRetryable, type Transaction, transaction } from "./transaction.ts";
