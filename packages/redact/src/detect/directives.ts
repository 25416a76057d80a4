import type { Span } from "../span.ts";
import { secretsIn, valuesBehind } from "./matches.ts";
import { isPlaceholder, isStateWord } from "./value-kind.ts";

/**
 * Secrets in the settings and the consoles of servers, which name them by their place: `stats auth
 * user:…`, `rocommunity …`, `ACL SETUSER a on >…`, `a001 LOGIN user "…"`.
 */
export function findInDirectives(text: string): Span[] {
  const found = directives.flatMap(([needle, pattern]) =>
    text.includes(needle) ? valuesBehind(text, pattern, "command_line", isGiven) : [],
  );
  return [...found, ...secretsIn(text, replies, "command_line")];
}

function isGiven(content: string): boolean {
  return !isPlaceholder(content) && !isStateWord(content);
}

// Each ends where the secret begins. The needle is in every text that it matches, and soon looked for.
const directives: readonly (readonly [needle: string, pattern: RegExp])[] = [
  [
    "hdr(",
    /\bhdr\([^)\n]{0,40}(?:auth|key|token|secret)[^)\n]{0,40}\)[^\n}]{0,30}?-m[ \t]str[ \t]{1,4}(?=\S)/gi,
  ],
  ["auth", /[ \t]--?auth[ =]{1,4}["']?[^\s:"']{1,64}:(?=[^\s"'/]{6,})/g],
  ["'digest,'", /'digest,'[^\s:']{1,64}:(?=\S)/g],
  ["basic.auth.user.info", /\bbasic\.auth\.user\.info[ \t]{0,4}[=:][ \t]{0,4}(?=\S)/g],
  [
    "users",
    /\b(?:elasticsearch-users|esusers|opensearch-users)\b[^\n|;]{0,100}?[ \t]-p[ \t]{1,4}(?=\S)/g,
  ],
  ["ldappasswd", /\bldappasswd\b[^\n|;]{0,300}?[ \t]-[sa][ \t]{1,4}(?=\S)/g],
  [
    "SecureString",
    /(?<![\w)\]])(?=(["'])[^"'\n]{4,128}\1[ \t]{0,4}\|[ \t]{0,4}ConvertTo-SecureString\b)/gi,
  ],
  ["SecureString", /\bConvertTo-SecureString[ \t]{1,4}(?:-\w{1,20}[ \t]{1,4}){0,4}(?=["'])/gi],
  ["isakmp", /\bisakmp key (?:\d )?(?=\S{4,})/g],
  ["key ", /(?<=\n)[ \t]{1,4}key \d (?=\S{6,}[ \t]*(?:\n|$))/g],
  ["neighbor ", /\bneighbor \S{1,64} password (?:\d )?(?=\S)/g],
  ["message-digest-key", /\bmessage-digest-key \d{1,4} md5 (?:\d )?(?=\S)/g],
  [
    "community",
    /\bsnmp(?:-agent)?\b[^\n]{0,30}?\bcommunity (?:(?:read|write) )?(?:cipher |simple )?(?=\S{4,})/g,
  ],
  [' secret "', /\b(?:radius|tacacs)\S{0,20} \S{1,64} secret (?=")/g],
  ["=\t", /(?<=^|\n)\w{1,15}\t(?=[A-Za-z0-9+/]{43}=\t[A-Za-z0-9+/]{43}=\t\d)/g],
  [
    "@",
    /(?<=(?:^|\n)(?:\[[\w.-]{1,100}\]|[\w-]{1,60}\.[\w.-]{1,100})(?::\d{1,5})?[ \t]{1,8})[\w.+-]{1,64}@[\w.-]{1,100}:(?=\S{4,})/g,
  ],
  ["lftp", /\blftp\b[^\n]{0,100}?-u[ \t]{1,4}[^\s,]{1,64},(?=\S)/g],
  [
    "onnect",
    /\b(?:mysqli?_connect|oci_connect|getConnection)\(\s?[^,()\n]{1,160},\s?[^,()\n]{1,80},\s?(?=["'])/g,
  ],
  ["stats", /\bstats[ \t]{1,4}auth[ \t]{1,4}[^\s:]{1,64}:(?=\S)/g],
  ["insecure-password", /\binsecure-password[ \t]{1,4}(?=[^\s:=]{6,128}[ \t]*$)/gm],
  [
    "dns",
    /\bdns[ \t]{1,4}(?:cloudflare|digitalocean|route53|godaddy|hetzner|vultr|linode|gandi|namecheap|ovh|alidns|dnspod|tencentcloud|duckdns|porkbun)[ \t]{1,4}(?=[^\s{]{12,})/g,
  ],
  [
    " key ",
    /\b(?:tacacs-server|radius-server|tacacs|radius|ntp)\b[ \t]{0,4}(?:server[ \t]\S{1,60}[ \t])?(?:host[ \t]\S{1,60}[ \t])?key[ \t](?:\d[ \t])?(?=[^\s:=]{6,})/g,
  ],
  [
    "community",
    /\b(?:rocommunity|rwcommunity|rocommunity6|rwcommunity6|trapcommunity)[ \t]{1,4}(?=\S)/g,
  ],
  // Of agents and of network devices: a user of SNMP with two passwords.
  [
    "createUser",
    /\bcreateUser[ \t]{1,4}(?:-e[ \t]\S{1,80}[ \t]{1,4})?\S{1,64}[ \t]{1,4}(?:MD5|SHA(?:-?\d{3})?)[ \t]{1,4}(?=\S{4,})/gi,
  ],
  [
    "createUser",
    /\bcreateUser[ \t]{1,4}[^\n]{1,300}[ \t](?:DES|3DES|AES(?:-?\d{3})?)[ \t]{1,4}(?=\S{4,})/gi,
  ],
  [
    "snmp",
    /\bsnmp-?(?:server|agent)?\b[^\n]{0,160}[ \t](?:auth(?:entication-mode)?[ \t](?:md5|sha(?:[\d-]{1,6})?)|priv(?:acy-mode)?[ \t](?:3?des|aes)[ \t-]?(?:\d{2,3})?)[ \t]{1,4}(?:cipher |simple )?(?=\S{6,})/gi,
  ],
  [
    "snmp",
    /\bsnmp-?(?:server|agent)?\b[^\n]{0,100}?[ \t]auth(?:entication-mode)?[ \t](?:md5|sha(?:[\d-]{1,6})?)[ \t]{1,4}(?:cipher |simple )?(?=\S{6,})/gi,
  ],
  ["com2sec", /\b(?:com2sec6?)[ \t]{1,4}\S{1,64}[ \t]{1,4}\S{1,64}[ \t]{1,4}(?=\S)/g],
  ["ascii-text", /\bascii-text[ \t]{1,4}(?=")/g],
  [
    "digest",
    /\b(?:addauth|setAcl)[ \t]{1,4}(?:\S{1,200}[ \t]{1,4})?digest[ \t:]{1,4}[^\s:]{1,64}:(?=\S)/g,
  ],
  ["SETUSER", /\bACL[ \t]{1,4}SETUSER[ \t]{1,4}\S{1,64}[^\n>#]{0,100}[>#](?=\S{4,})/gi],
  ['"auth" ', /"auth" (?:"[^"\n]{1,64}" )?(?=")/g],
  ["AUTH", /"AUTH" (?:"[^"\n]{1,64}" )?(?=")/gi],
  ["radtest", /\bradtest[ \t]{1,4}\S{1,64}[ \t]{1,4}(?=\S)/g],
  ["radtest", /\bradtest(?:[ \t]{1,4}\S{1,128}){4}[ \t]{1,4}(?=\S)/g],
  [" LOGIN ", /(?<=^|\n|: |> )\w{1,12} LOGIN \S{1,128} (?=\S)/g],
  [
    "rabbitmqctl",
    /\brabbitmqctl[ \t][^\n|;&]{0,60}?\b(?:add_user|change_password)[ \t]{1,4}\S{1,64}[ \t]{1,4}(?=\S)/g,
  ],
  ['" "', /(?<=(?:^|\n)"[^"\n]{1,64}" )(?="(?:md5[0-9a-f]{32}|SCRAM-SHA)\S{0,200}[ \t]*(?:\n|$))/g],
  [
    "]=>",
    /\[["'][\w.-]*(?:pass|password|passwd|pwd|secret|token|api_key|private_key)["'](?::(?:protected|private|"[^"\n]{1,60}":private))?\]=>\s{1,8}string\(\d{1,5}\)\s(?=")/gi,
  ],
  ["user_", /\buser_\w{1,64}[ \t]{0,4}=[ \t]{0,4}(?=\\?"[^"\n]{4,200}"\s{0,8}(?:;|user_|$|\n))/g],
  [
    "New value: ",
    /\bPassword for the \[[\w.-]{1,64}\] user successfully reset\.\s{1,4}New value: (?=\S)/g,
  ],
  ["crypt('aes-", /crypt\('aes-[\w-]{3,20}',\s?[^,\n]{1,200},\s?(?=')/g],
  ["AC", /(?<=\bAC[0-9a-f]{32}["']?[\s:,;|/]{1,4}["']?)(?=[0-9a-f]{32}(?![0-9a-f]))/g],
  ["encrypt", /(?:^|\n)[ \t]{0,8}encrypt[ \t]{0,4}[=:][ \t]{0,4}(?="[A-Za-z0-9+/]{22,44}={0,2}")/g],
  ['"special"', /(?<="result"\s{0,4}:\s{0,4})(?="[^"\n]{8,200}"[^{}]{0,400}"special"\s{0,4}:)/g],
  ["inline_", /\b(?:inline_string|inline_bytes)[ \t]{0,4}:[ \t]{0,4}(?=["']?[\w+/=-]{16,})/g],
  [
    "_credentials",
    /(?:^|\n)[ \t]{0,16}(?:keyauth_credentials|jwt_secrets|hmacauth_credentials|basicauth_credentials):[ \t]*\n[ \t]{0,16}-[ \t](?:\w{1,20}:[ \t]\S{1,64}\n[ \t]{0,16})?(?:key|secret|password):[ \t]{1,4}(?=\S)/g,
  ],
];

/** What a client answers to `334 UGFzc3dvcmQ6` (SMTP). */
const replies =
  /\b334 UGFzc3dvcmQ6?=*\s{0,4}\r?\n[^\n]{0,40}?([A-Za-z0-9+/]{4,200}={0,2})(?=[ \t]*(?:\r?\n|$))/g;
