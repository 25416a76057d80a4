import { escape as quote } from "mysql2";

/**
 * The statements that give a user of a Go database another name everywhere it stands, the ids of
 * one-to-one sessions included. `newName` should begin as `name` does, since the names in those ids
 * stand in byte order.
 */
export function renameUserSql(name: string, newName: string): string {
  const renames = [
    ["t_user", "username"],
    ["t_session", "owner_username"],
    ["t_session_member", "username"],
    ["t_message_content", "sender_username"],
    ["t_inbox", "owner_username"],
  ].map(
    ([table, column]) =>
      `UPDATE ${table} SET ${column} = ${quote(newName)} WHERE ${column} = ${quote(name)};`,
  );
  const sessionIds = ["t_session", "t_session_member", "t_message_content", "t_inbox"].flatMap(
    (table) => [
      `UPDATE ${table} SET session_id = CONCAT(${quote(`single:${newName}:`)}, SUBSTRING(session_id, ${`single:${name}:`.length + 1})) WHERE session_id LIKE ${quote(`single:${name}:%`)};`,
      `UPDATE ${table} SET session_id = CONCAT(LEFT(session_id, CHAR_LENGTH(session_id) - ${`:${name}`.length}), ${quote(`:${newName}`)}) WHERE session_id LIKE ${quote(`single:%:${name}`)};`,
    ],
  );
  return ["START TRANSACTION;", ...renames, ...sessionIds, "COMMIT;"].join("\n");
}
